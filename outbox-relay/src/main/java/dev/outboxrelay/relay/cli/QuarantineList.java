package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.QuarantinedEvent;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineRows.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quarantine list}. */
@Command(name = "list", description = "What is in quarantine, in its order, and why.", mixinStandardHelpOptions = true)
final class QuarantineList implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Option(names = "--aggregate", paramLabel = "TYPE/ID", description = "Only this aggregate.")
    private @Nullable String aggregate;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            converter = AtLeast.One.class,
            description = "At most so many; default 100.")
    private int limit;

    @Override
    public Integer call() {
        try (Operator operator = setup.open()) {
            QuarantineRows rows = operator.quarantine();
            List<Entry> entries = aggregate == null
                    ? rows.list(limit)
                    : rows.list(AggregateName.parse(aggregate)).stream()
                            .limit(limit)
                            .toList();
            setup.print(() -> entries.stream().map(QuarantineList::json).toList(), () -> table(entries));
            if (entries.isEmpty()) {
                setup.say("Nothing is in quarantine.");
            } else if (entries.size() == limit) {
                setup.say("%d events are in quarantine; --limit shows more of them.".formatted(rows.count()));
            }
            return ExitCode.DONE.code();
        }
    }

    private void table(List<Entry> entries) {
        if (!entries.isEmpty()) {
            Output.table(
                    setup.out(),
                    List.of("EVENT", "AGGREGATE", "TYPE", "SINCE", "REASON", "DETAIL"),
                    entries.stream().map(QuarantineList::row).toList());
        }
    }

    private static List<String> row(Entry entry) {
        QuarantinedEvent event = entry.event();
        return List.of(
                event.id(),
                AggregateName.of(event.aggregate()),
                String.valueOf(event.type()),
                entry.since().toString(),
                event.reason().name(),
                event.detail());
    }

    static Map<String, @Nullable Object> json(Entry entry) {
        QuarantinedEvent event = entry.event();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", event.id());
        fields.put("table", event.table());
        fields.put("aggregateType", event.aggregate().type());
        fields.put("aggregateId", event.aggregate().id());
        fields.put("type", event.type());
        fields.put("since", entry.since().toString());
        fields.put("reason", event.reason().name());
        fields.put("detail", event.detail());
        return fields;
    }
}
