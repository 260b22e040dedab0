package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.cli.QuarantineRelease.Outcome;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineRows.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quarantine retry}. */
@Command(
        name = "retry",
        description = {
            "Publishes events of the quarantine, each aggregate in its order, and takes out what is confirmed.",
            "Relays may run meanwhile. Exit code 1 where something is left of what was asked for."
        },
        mixinStandardHelpOptions = true)
final class QuarantineRetry implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @ArgGroup(multiplicity = "1")
    private final QuarantineSelection selection = new QuarantineSelection();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = setup.open()) {
            QuarantineRows rows = operator.quarantineToChange();
            List<Entry> entries = selection.entries(rows);
            List<Aggregate> aggregates = selection.aggregates(rows);
            List<Outcome> outcomes = new ArrayList<>();
            try (QuarantineRelease release = new QuarantineRelease(operator, setup::say)) {
                for (Entry entry : entries) {
                    outcomes.add(say(release.release(entry)));
                }
                for (Aggregate aggregate : aggregates) {
                    outcomes.add(say(release.release(aggregate)));
                }
            }
            setup.print(() -> outcomes.stream().map(QuarantineRetry::json).toList(), () -> table(outcomes));
            return (outcomes.stream().allMatch(outcome -> outcome.stuck() == null) ? ExitCode.DONE : ExitCode.FAILED)
                    .code();
        }
    }

    /** As it goes: there may be many. */
    private Outcome say(Outcome outcome) {
        setup.say("%s: %d published%s"
                .formatted(
                        AggregateName.of(outcome.aggregate()),
                        outcome.published(),
                        outcome.stuck() == null ? "" : ", then: " + outcome.stuck()));
        return outcome;
    }

    private void table(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            setup.say("Nothing is in quarantine.");
        } else {
            Output.table(
                    setup.out(),
                    List.of("AGGREGATE", "PUBLISHED", "RESULT"),
                    outcomes.stream()
                            .map(outcome -> List.of(
                                    AggregateName.of(outcome.aggregate()),
                                    Integer.toString(outcome.published()),
                                    outcome.stuck() == null ? "done" : "STUCK: " + outcome.stuck()))
                            .toList());
        }
    }

    private static Map<String, @Nullable Object> json(Outcome outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("aggregateType", outcome.aggregate().type());
        fields.put("aggregateId", outcome.aggregate().id());
        fields.put("published", outcome.published());
        fields.put("stuck", outcome.stuck());
        return fields;
    }
}
