package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.cli.doctor.Finding.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;

/**
 * Checks of one stage, one after the other, each bounded in time. A check that the following ones rest on is required: once it
 * has failed they are skipped, and say so.
 */
final class Series {

    /** More than any check's own time limits add up to, so that this one is the last resort. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Looks at one thing. */
    @FunctionalInterface
    interface Check {
        Outcome look() throws IOException;
    }

    private final String stage;
    private final List<Finding> findings;
    private @Nullable String obstacle;

    /** @param findings where they are added to */
    Series(String stage, List<Finding> findings) {
        this.stage = stage;
        this.findings = findings;
    }

    /** A stage that rests on what was required up to now. */
    Series next(String name) {
        Series next = new Series(name, findings);
        next.obstacle = obstacle;
        return next;
    }

    void check(String name, Check check) throws InterruptedException {
        look(name, check);
    }

    /** What comes next rests on it. */
    void require(String name, Check check) throws InterruptedException {
        if (look(name, check) == Result.FAILED) {
            obstacle = "%s %s".formatted(stage, name);
        }
    }

    private Result look(String name, Check check) throws InterruptedException {
        Outcome outcome = obstacle == null
                ? bounded(name, check)
                : Outcome.skipped("not looked at, because '%s' has failed".formatted(obstacle));
        findings.add(new Finding(stage, name, outcome.result(), outcome.evidence(), outcome.fix()));
        return outcome.result();
    }

    private Outcome bounded(String name, Check check) throws InterruptedException {
        FutureTask<Outcome> looking = new FutureTask<>(check::look);
        Thread thread = new Thread(looking, "doctor-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return looking.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            obstacle = "%s %s".formatted(stage, name);
            return Outcome.failed(
                    "no answer within " + LIMIT.toSeconds() + "s", "Look whether that server hangs, then run it again");
        } catch (ExecutionException e) {
            return failed(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static Outcome failed(Throwable cause) {
        return switch (Refusals.kind(cause)) {
            case PRIVILEGE -> Outcome.failed(RootCause.of(cause), "Grant what 'mysql grants' says is missing");
            case OTHER ->
                cause instanceof IOException || cause instanceof NestedRuntimeException
                        ? new Outcome(Result.FAILED, RootCause.of(cause), null)
                        : new Outcome(Result.FAILED, "unexpected " + cause, null);
            default -> Outcome.failed(RootCause.of(cause), "Look whether MySQL is still there, then run it again");
        };
    }
}
