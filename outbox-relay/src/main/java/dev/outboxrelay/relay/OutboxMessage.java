package dev.outboxrelay.relay;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An outbox row as it goes to the broker. Made once, at the edge where the row was read.
 *
 * @param table {@code schema.table} that the row stands in
 * @param id the row's id as text: canonical UUID, or decimal
 * @param aggregateVersion null where the table has no such column or the row no value
 * @param createdAt null where the table has no such column
 * @param headers the row's own headers and the columns placed as headers; never begins with {@code x-}
 * @param payload the payload column's bytes, untouched; not copied, so not to be changed
 */
public record OutboxMessage(
        String table,
        String id,
        String aggregateType,
        String aggregateId,
        @Nullable Long aggregateVersion,
        String type,
        @Nullable Instant createdAt,
        String exchange,
        String routingKey,
        Map<String, Object> headers,
        byte[] payload) {

    /** What one more message in flight costs in memory, apart from its payload; an estimate. */
    private static final int OVERHEAD_BYTES = 512;

    /** Approximate bytes that this message holds while it is in flight. */
    public long size() {
        return (long) payload.length + OVERHEAD_BYTES;
    }

    /** The same with one more header. */
    public OutboxMessage withHeader(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new OutboxMessage(
                table,
                id,
                aggregateType,
                aggregateId,
                aggregateVersion,
                type,
                createdAt,
                exchange,
                routingKey,
                more,
                payload);
    }

    /** Names the row without its content, for logs and errors. */
    @Override
    public String toString() {
        return "%s %s (%s %s %s)".formatted(table, id, type, aggregateType, aggregateId);
    }
}
