package dev.outboxrelay.relay;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event that is kept out of the stream.
 *
 * @param detail in words, without the payload
 * @param message exchange, routing key, version, time and headers, to publish it by; null where the row could not be mapped
 */
public record QuarantinedEvent(
        String table,
        String id,
        Aggregate aggregate,
        @Nullable String type,
        Reason reason,
        String detail,
        @Nullable Map<String, Object> message,
        byte @Nullable [] payload) {

    /** Why an event is in quarantine. */
    public enum Reason {
        /** The row can't be made into a message. */
        UNMAPPABLE,
        /** The broker does not take a message like this one, for its size say. */
        UNPUBLISHABLE,
        /** No queue is bound for it, and {@code relay.unroutable=park}. */
        UNROUTABLE,
        /** It comes behind an event of its aggregate that is in quarantine. */
        FOLLOWS
    }

    /** What events keep their order within. */
    public record Aggregate(String type, String id) {}

    /** A message that is fit as such. */
    static QuarantinedEvent of(OutboxMessage message, Reason reason, String detail) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("exchange", message.exchange());
        properties.put("routingKey", message.routingKey());
        if (message.aggregateVersion() != null) {
            properties.put("aggregateVersion", message.aggregateVersion());
        }
        if (message.createdAt() != null) {
            properties.put("createdAt", message.createdAt().toString());
        }
        properties.put("headers", message.headers());
        Aggregate aggregate = new Aggregate(message.aggregateType(), message.aggregateId());
        return new QuarantinedEvent(
                message.table(),
                message.id(),
                aggregate,
                message.type(),
                reason,
                detail,
                properties,
                message.payload());
    }

    /** A row that is not. */
    static QuarantinedEvent of(PoisonRow row) {
        Aggregate aggregate = new Aggregate(row.aggregateType(), row.aggregateId());
        return new QuarantinedEvent(
                row.table(), row.id(), aggregate, row.type(), Reason.UNMAPPABLE, row.detail(), null, row.payload());
    }

    /** The message as it was when it was put away; empty where the row could not be mapped. */
    public Optional<OutboxMessage> asMessage() {
        Map<String, Object> properties = message;
        byte[] body = payload;
        if (properties == null || body == null || type == null) {
            return Optional.empty();
        }
        Object version = properties.get("aggregateVersion");
        Object created = properties.get("createdAt");
        Map<String, Object> headers = new LinkedHashMap<>();
        if (properties.get("headers") instanceof Map<?, ?> stored) {
            stored.forEach((name, value) -> headers.put(name.toString(), value));
        }
        return Optional.of(new OutboxMessage(
                table,
                id,
                aggregate.type(),
                aggregate.id(),
                version instanceof Number number ? number.longValue() : null,
                type,
                created == null ? null : Instant.parse(created.toString()),
                String.valueOf(properties.get("exchange")),
                String.valueOf(properties.get("routingKey")),
                headers,
                body));
    }

    @Override
    public String toString() {
        return "%s %s (%s %s %s): %s".formatted(table, id, type, aggregate.type(), aggregate.id(), detail);
    }
}
