package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code processed_messages} as it stands. All times are relative and by the database's clock.
 *
 * @param lease what is left of it; negative once it has ended
 * @param untilDue until the next attempt is due; not positive when it is
 */
record ClaimRow(
        String messageId,
        String orderKey,
        @Nullable Long version,
        String state,
        String claimedBy,
        int attempts,
        int unknowns,
        Duration lease,
        Duration untilDue,
        Duration age,
        @Nullable String reply,
        @Nullable String reason,
        @Nullable String detail) {
    /** The reason of a message that was not parked but thrown away. */
    static final String DROPPED = "DROPPED";

    static final String COLUMNS = "message_id, aggregate_id, aggregate_version, state, claimed_by, attempts,"
            + " COALESCE(TIMESTAMPDIFF(MICROSECOND, NOW(6), lease_until), 0),"
            + " COALESCE(TIMESTAMPDIFF(MICROSECOND, NOW(6), retry_at), 0),"
            + " TIMESTAMPDIFF(MICROSECOND, created_at, NOW(6)),"
            + " smtp_reply, reason, detail, unknowns";

    static ClaimRow read(ResultSet row) throws SQLException {
        long version = row.getLong(3);
        return new ClaimRow(
                row.getString(1),
                row.getString(2),
                row.wasNull() ? null : version,
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getInt(13),
                micros(row.getLong(7)),
                micros(row.getLong(8)),
                micros(row.getLong(9)),
                row.getString(10),
                row.getString(11),
                row.getString(12));
    }

    /** Whether it may still be sent, and so holds back the later ones of its order. */
    boolean isOpen() {
        return state.equals("SENDING") || state.equals("WAITING");
    }

    /** By version where both have one, else by which was seen first. */
    boolean isBefore(ClaimRow other) {
        if (version != null && other.version != null && !version.equals(other.version)) {
            return version < other.version;
        }
        int byAge = other.age.compareTo(age);
        return byAge < 0 || (byAge == 0 && messageId.compareTo(other.messageId) < 0);
    }

    /** Whether an operator threw the message away. */
    boolean isDropped() {
        return DROPPED.equals(reason);
    }

    Parking parking() {
        ParkReason why = reason == null ? ParkReason.ERROR : ParkReason.valueOf(reason);
        return new Parking(why, detail == null ? why.sentence() : detail, reply, attempts, age);
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
