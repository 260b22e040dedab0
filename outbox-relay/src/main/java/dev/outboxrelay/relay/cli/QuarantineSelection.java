package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineRows.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which events of the quarantine are meant; exactly one of the three is given. */
final class QuarantineSelection {

    @Parameters(paramLabel = "ID", arity = "1..*", description = "These events.")
    private @Nullable List<String> ids;

    @Option(
            names = "--aggregate",
            required = true,
            paramLabel = "TYPE/ID",
            description = "All events of this aggregate.")
    private @Nullable String aggregate;

    @Option(names = "--all", required = true, description = "All events.")
    private boolean all;

    /** The events that were named, or none where whole aggregates are meant; in quarantine order. */
    List<Entry> entries(QuarantineRows rows) {
        List<Entry> entries = new ArrayList<>();
        for (String id : ids == null ? List.<String>of() : ids) {
            List<Entry> found = rows.find(id);
            if (found.isEmpty()) {
                throw new CommandException(
                        ExitCode.FAILED, "no event %s is in quarantine; nothing was done".formatted(id));
            }
            entries.addAll(found);
        }
        entries.sort(java.util.Comparator.comparingLong(Entry::number));
        return entries;
    }

    /** The aggregates that were named. */
    List<Aggregate> aggregates(QuarantineRows rows) {
        if (aggregate == null) {
            return all ? rows.aggregates() : List.of();
        }
        Aggregate named = AggregateName.parse(aggregate);
        if (rows.first(named).isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "no event of %s is in quarantine; nothing was done".formatted(AggregateName.of(named)));
        }
        return List.of(named);
    }
}
