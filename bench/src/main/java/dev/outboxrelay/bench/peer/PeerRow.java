package dev.outboxrelay.bench.peer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/** One outbox row as a peer publishes it. */
record PeerRow(
        byte[] id,
        String aggregateType,
        String aggregateId,
        String type,
        byte[] payload,
        long version,
        Instant createdAt) {

    private static final int UUID_BYTES = 16;

    /** The id as text; the binlog leaves out zeros at the end. */
    String messageId() {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES).put(id).rewind();
        return new UUID(bytes.getLong(), bytes.getLong()).toString();
    }

    String routingKey() {
        return aggregateType + "." + type;
    }
}
