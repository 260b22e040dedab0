package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.offsets.OffsetMoves;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code offsets history}. */
@Command(
        name = "history",
        description = {
            "The positions that were stored, the newest first.",
            "A relay notes one a minute while events are confirmed, and one at each start, stop, recovery and move by hand."
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

    @Override
    public Integer call() {
        try (Operator operator = setup.open()) {
            List<OffsetMoves.Entry> entries = operator.moves().history(limit);
            setup.print(
                    () -> entries.stream().map(OffsetsHistory::json).toList(),
                    () -> Output.table(
                            setup.out(),
                            List.of("STORED", "CAUSE", "EPOCH", "EVENTS", "POSITION"),
                            entries.stream()
                                    .map(entry -> List.of(
                                            entry.recordedAt().toString(),
                                            entry.cause().name().toLowerCase(Locale.ROOT),
                                            Long.toString(entry.epoch()),
                                            Long.toString(entry.events()),
                                            entry.position().toString()))
                                    .toList()));
            return ExitCode.DONE.code();
        }
    }

    private static Map<String, Object> json(OffsetMoves.Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("storedAt", entry.recordedAt().toString());
        fields.put("cause", entry.cause().name().toLowerCase(Locale.ROOT));
        fields.put("epoch", entry.epoch());
        fields.put("events", entry.events());
        fields.put("serverUuid", entry.serverUuid());
        fields.put("offset", entry.position().offset());
        return fields;
    }
}
