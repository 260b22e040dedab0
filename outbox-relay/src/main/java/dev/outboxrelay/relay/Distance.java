package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Server.StoredOn;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a position is behind the server. What can't be known is absent, never 0.
 *
 * @param end where the server's binlog ended when this was measured
 * @param bytes of binlog behind the position; null where this server does not have that file, or another one stored the position
 * @param transactions executed by the server and not held by the position; null without GTIDs
 * @param age how long ago the position's last transaction was committed; null where the position does not say
 * @param lag zero where nothing is behind the position, else its age
 * @param retention how long the server keeps its binlog; null where it keeps all of it
 * @param untilPurge time until the binlog behind the position may be deleted; null where it never is, or not known
 */
public record Distance(
        Position end,
        @Nullable Long bytes,
        @Nullable Long transactions,
        @Nullable Duration age,
        @Nullable Duration lag,
        @Nullable Duration retention,
        @Nullable Duration untilPurge) {

    /**
     * Measures it.
     *
     * @throws org.springframework.dao.DataAccessException when the server can't be asked
     */
    public static Distance measure(Server server, StoredOn stored, Instant now) {
        Position position = server.usable(stored.position());
        Position end = server.currentPosition();
        Long transactions = server.transactionsBehind(position);
        boolean atEnd = transactions == null ? server.isReached(end, position) : transactions == 0;
        Duration age = age(position, now);
        Duration retention = server.binlogRetention();
        return new Distance(
                end,
                server.bytesBehind(stored),
                transactions,
                age,
                atEnd ? Duration.ZERO : age,
                retention,
                untilPurge(retention, position, end, age));
    }

    /** The server deletes a file once its last write is older than the retention, but never the one it writes to. */
    private static @Nullable Duration untilPurge(
            @Nullable Duration retention, Position position, Position end, @Nullable Duration age) {
        boolean inCurrentFile = position.file() != null && position.file().equals(end.file());
        if (retention == null || inCurrentFile) {
            return retention;
        }
        if (age == null) {
            return null;
        }
        Duration left = retention.minus(age);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static @Nullable Duration age(Position position, Instant now) {
        Instant committedAt = position.committedAt();
        return committedAt == null ? null : Duration.between(committedAt, now).abs();
    }
}
