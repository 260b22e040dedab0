package dev.outboxrelay.relay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.PoisonRow;
import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.SourceEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as commands show it.
 *
 * @param message null where the row can't be made into one
 * @param problem why it can't; else null
 */
record EventView(
        String table,
        String id,
        Aggregate aggregate,
        String type,
        @Nullable OutboxMessage message,
        @Nullable String problem,
        byte @Nullable [] payload) {

    static EventView of(Mapped row) {
        return row instanceof Mapped.Message fit ? of(fit.message()) : of(((Mapped.Poison) row).row());
    }

    /** Null for what is no event. */
    static @Nullable EventView of(SourceEvent event) {
        if (event instanceof SourceEvent.Row row) {
            return of(row.message());
        }
        return event instanceof SourceEvent.Poison poison ? of(poison.row()) : null;
    }

    private static EventView of(OutboxMessage message) {
        return new EventView(
                message.table(),
                message.id(),
                new Aggregate(message.aggregateType(), message.aggregateId()),
                message.type(),
                message,
                null,
                message.payload());
    }

    private static EventView of(PoisonRow row) {
        return new EventView(
                row.table(),
                row.id(),
                new Aggregate(row.aggregateType(), row.aggregateId()),
                String.valueOf(row.type()),
                null,
                row.detail(),
                row.payload());
    }

    /** When its row says that it was written. */
    @Nullable Instant writtenAt() {
        return message == null ? null : message.createdAt();
    }

    /** Names and values for people, without the payload. */
    Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", id);
        fields.put("table", table);
        fields.put("aggregate", AggregateName.of(aggregate));
        fields.put("type", type);
        if (message != null) {
            fields.put("version", message.aggregateVersion());
            fields.put("written", message.createdAt());
            fields.put("exchange", message.exchange());
            fields.put("routing key", message.routingKey());
            fields.put("headers", message.headers());
        }
        fields.put("problem", problem);
        return fields;
    }

    /** The same for programs. */
    Map<String, @Nullable Object> json(boolean withPayload) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", id);
        fields.put("table", table);
        fields.put("aggregateType", aggregate.type());
        fields.put("aggregateId", aggregate.id());
        fields.put("aggregateVersion", message == null ? null : message.aggregateVersion());
        fields.put("type", type);
        fields.put("writtenAt", writtenAt() == null ? null : String.valueOf(writtenAt()));
        fields.put("exchange", message == null ? null : message.exchange());
        fields.put("routingKey", message == null ? null : message.routingKey());
        fields.put("headers", message == null ? null : message.headers());
        fields.put("problem", problem);
        fields.put("payloadBytes", payload == null ? null : payload.length);
        if (withPayload) {
            fields.put("payload", payload == null ? null : new String(payload, UTF_8));
        }
        return fields;
    }

    /** The payload where it was asked for, else how large it is. */
    @Nullable String payload(boolean shown) {
        if (payload == null) {
            return null;
        }
        return shown ? new String(payload, UTF_8) : "%d bytes (--payload shows them)".formatted(payload.length);
    }
}
