package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.cli.doctor.Finding.Result;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@link Finding} without its name. */
record Outcome(Result result, String evidence, @Nullable String fix) {

    static Outcome ok(String evidence) {
        return new Outcome(Result.OK, evidence, null);
    }

    static Outcome warning(String evidence, String fix) {
        return new Outcome(Result.WARNING, evidence, fix);
    }

    static Outcome failed(String evidence, String fix) {
        return new Outcome(Result.FAILED, evidence, fix);
    }

    static Outcome skipped(String why) {
        return new Outcome(Result.SKIPPED, why, null);
    }

    /** All problems in one, as bad as the worst of them; without any, all is well. */
    static Outcome of(List<Outcome> problems, String evidenceWithout) {
        if (problems.isEmpty()) {
            return ok(evidenceWithout);
        }
        boolean failed = problems.stream().anyMatch(problem -> problem.result() == Result.FAILED);
        return new Outcome(
                failed ? Result.FAILED : Result.WARNING,
                problems.stream().map(Outcome::evidence).distinct().collect(Collectors.joining("; ")),
                problems.stream()
                        .map(Outcome::fix)
                        .filter(Objects::nonNull)
                        .distinct()
                        .collect(Collectors.joining("\n")));
    }
}
