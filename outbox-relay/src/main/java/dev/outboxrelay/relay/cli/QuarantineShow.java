package dev.outboxrelay.relay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import picocli.CommandLine.Parameters;

/** {@code quarantine show}. */
@Command(
        name = "show",
        description = "One event in quarantine, with what it would be published by.",
        mixinStandardHelpOptions = true)
final class QuarantineShow implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Parameters(paramLabel = "ID")
    private String id;

    @Option(names = "--payload", description = "With its payload, which may hold what is nobody's business.")
    private boolean payload;

    @Override
    public Integer call() {
        try (Operator operator = setup.open()) {
            QuarantineRows rows = operator.quarantine();
            List<Entry> found = rows.find(id);
            if (found.isEmpty()) {
                throw new CommandException(ExitCode.FAILED, "no event %s is in quarantine".formatted(id));
            }
            for (Entry entry : found) {
                List<String> aggregate = rows.list(entry.event().aggregate()).stream()
                        .map(other -> other.event().id())
                        .toList();
                setup.print(() -> json(entry, aggregate), () -> Output.fields(setup.out(), table(entry, aggregate)));
            }
            return ExitCode.DONE.code();
        }
    }

    private Map<String, @Nullable Object> table(Entry entry, List<String> aggregate) {
        QuarantinedEvent event = entry.event();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", event.id());
        fields.put("table", event.table());
        fields.put("aggregate", AggregateName.of(event.aggregate()));
        fields.put("place", place(event, aggregate));
        fields.put("type", event.type());
        fields.put("since", entry.since());
        fields.put("reason", event.reason());
        fields.put("detail", event.detail());
        event.asMessage().ifPresent(message -> {
            fields.put("exchange", message.exchange());
            fields.put("routing key", message.routingKey());
            fields.put("headers", message.headers());
        });
        fields.put("payload", payload(event));
        return fields;
    }

    private static String place(QuarantinedEvent event, List<String> aggregate) {
        int place = aggregate.indexOf(event.id());
        return "%d of %d of its aggregate%s"
                .formatted(
                        place + 1,
                        aggregate.size(),
                        place > 0 ? ", behind " + aggregate.get(place - 1) : ", which it holds");
    }

    private @Nullable String payload(QuarantinedEvent event) {
        byte[] bytes = event.payload();
        if (bytes == null) {
            return null;
        }
        return payload ? new String(bytes, UTF_8) : "%d bytes (--payload shows them)".formatted(bytes.length);
    }

    private Map<String, @Nullable Object> json(Entry entry, List<String> aggregate) {
        QuarantinedEvent event = entry.event();
        Map<String, @Nullable Object> fields = QuarantineList.json(entry);
        fields.put("heldBefore", aggregate.indexOf(event.id()));
        fields.put("heldInAggregate", aggregate.size());
        fields.put("message", event.message());
        byte[] bytes = event.payload();
        fields.put("payloadBytes", bytes == null ? null : bytes.length);
        if (payload) {
            fields.put("payload", bytes == null ? null : new String(bytes, UTF_8));
        }
        return fields;
    }
}
