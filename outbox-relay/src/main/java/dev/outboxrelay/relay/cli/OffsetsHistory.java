package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.offsets.OffsetHistory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code offsets history}. */
@Command(
        name = "history",
        description = {
            "The positions that were stored, the newest first.",
            "All of the last hour; of the time before, one a minute in which events were confirmed, and that of each first"
                    + " start, stop, recovery and move by hand."
        },
        mixinStandardHelpOptions = true)
final class OffsetsHistory implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            converter = AtLeast.One.class,
            description = "At most N (default 20).")
    private int limit;

    @Option(names = "--no-progress", description = "Without those that a relay stored as events were confirmed.")
    private boolean noProgress;

    @Override
    public Integer call() {
        try (Operator operator = setup.open()) {
            List<OffsetHistory.Entry> entries = operator.history().newest(limit, !noProgress);
            setup.print(
                    () -> entries.stream().map(OffsetsHistory::json).toList(),
                    () -> Output.table(
                            setup.out(),
                            List.of("STORED", "CAUSE", "EPOCH", "EVENTS", "POSITION"),
                            entries.stream()
                                    .map(entry -> List.of(
                                            entry.storedAt().toString(),
                                            entry.cause().name().toLowerCase(Locale.ROOT),
                                            Long.toString(entry.epoch()),
                                            Long.toString(entry.events()),
                                            entry.position().toString()))
                                    .toList()));
            return ExitCode.DONE.code();
        }
    }

    private static Map<String, @Nullable Object> json(OffsetHistory.Entry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("storedAt", entry.storedAt().toString());
        fields.put("cause", entry.cause().name().toLowerCase(Locale.ROOT));
        fields.put("epoch", entry.epoch());
        fields.put("events", entry.events());
        fields.put("serverUuid", entry.serverUuid());
        fields.put("offset", entry.position().offset());
        fields.put(
                "keptUntil",
                entry.keptUntil() == null ? null : entry.keptUntil().toString());
        return fields;
    }
}
