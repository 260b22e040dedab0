package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.time.Instant;

/**
 * A relay's row in {@code relay_offset}.
 *
 * @param serverUuid the server that the position was read from
 * @param epoch the lease epoch of its writer
 * @param events messages confirmed since the row was first written
 * @param updatedAt by the database's clock
 */
public record StoredOffset(Position position, String serverUuid, long epoch, long events, Instant updatedAt) {}
