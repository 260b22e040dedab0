package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineRows.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quarantine drop}. */
@Command(
        name = "drop",
        description = {
            "Takes events out of quarantine without publishing them. It names them, and asks.",
            "What follows them in their aggregates stays: retry it."
        },
        mixinStandardHelpOptions = true)
final class QuarantineDrop implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Mixin
    private Confirmation confirmation;

    @ArgGroup(multiplicity = "1")
    private final QuarantineSelection selection = new QuarantineSelection();

    @Override
    public Integer call() {
        try (Operator operator = setup.open()) {
            QuarantineRows rows = operator.quarantineToChange();
            List<Entry> entries = new ArrayList<>(selection.entries(rows));
            for (Aggregate aggregate : selection.aggregates(rows)) {
                entries.addAll(rows.list(aggregate));
            }
            setup.print(() -> entries.stream().map(QuarantineList::json).toList(), () -> table(entries));
            if (confirmation.isDryRun() || entries.isEmpty()) {
                return ExitCode.DONE.code();
            }
            confirmation.require(
                    setup,
                    operator.config().name(),
                    "%s would never be published"
                            .formatted(entries.size() == 1 ? "this event" : "these " + entries.size() + " events"));
            long dropped = entries.stream().filter(rows::drop).count();
            setup.say("%d dropped, %d left in quarantine.".formatted(dropped, rows.count()));
            return ExitCode.DONE.code();
        }
    }

    private void table(List<Entry> entries) {
        if (entries.isEmpty()) {
            setup.say("Nothing is in quarantine.");
            return;
        }
        Output.table(
                setup.out(),
                List.of("EVENT", "AGGREGATE", "TYPE", "REASON"),
                entries.stream()
                        .map(entry -> List.of(
                                entry.event().id(),
                                AggregateName.of(entry.event().aggregate()),
                                String.valueOf(entry.event().type()),
                                entry.event().reason().name()))
                        .toList());
    }
}
