package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every position that was stored for one relay: a line is written in the transaction that stores the position, with that one's
 * time. Lines of positions stored in passing are kept for an hour, the others until there are 10,000 newer ones.
 */
public final class OffsetHistory {

    private static final int LINES_THAT_STAY = 10_000;
    /** More than a relay writes in a minute, however short its interval: it looks twenty times a second. */
    private static final int SWEPT_AT_ONCE = 2_000;

    private static final String BY_HAND = "('REWIND', 'SKIP', 'IMPORT', 'UNDO')";

    private final JdbcClient jdbc;
    private final String schema;
    private final String relay;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public OffsetHistory(JdbcClient jdbc, String schema, String relay) {
        this.jdbc = jdbc;
        this.schema = schema;
        this.relay = relay;
    }

    /**
     * A line.
     *
     * @param keptUntil null for one that stays
     */
    public record Entry(
            long id,
            Cause cause,
            Position position,
            String serverUuid,
            long epoch,
            long events,
            Instant storedAt,
            @Nullable Instant keptUntil) {}

    /** Adds what stands now, in the transaction that has stored it. */
    void add(Cause cause) {
        add(cause, "NULL");
    }

    /** The same for a position that was stored in passing. */
    void addPassing() {
        add(Cause.PROGRESS, "NOW(6) + INTERVAL 1 HOUR");
    }

    private void add(Cause cause, String keptUntil) {
        jdbc.sql("""
                        INSERT INTO `%1$s`.relay_offset_history
                          (name, cause, `offset`, server_uuid, epoch, events, recorded_at, kept_until)
                        SELECT name, ?, `offset`, server_uuid, epoch, events, updated_at, %2$s
                        FROM `%1$s`.relay_offset WHERE name = ?""".formatted(schema, keptUntil)).params(cause.name(), relay).update();
    }

    /** Lets the line of what stands now stay: a move by hand is undone to the line before its own. */
    void keepStanding() {
        int kept = jdbc.sql("""
                        UPDATE `%1$s`.relay_offset_history SET kept_until = NULL
                        WHERE name = ? AND recorded_at = (SELECT updated_at FROM `%1$s`.relay_offset WHERE name = ?)
                        ORDER BY id DESC LIMIT 1""".formatted(schema)).params(relay, relay).update();
        if (kept == 0) {
            add(Cause.PROGRESS); // stored when not every position had a line yet
        }
    }

    /** Deletes lines whose time is over, and the oldest of the others where there are too many; 2,000 of each at most. */
    void sweep() {
        jdbc.sql(
                        "DELETE FROM `%s`.relay_offset_history WHERE name = ? AND kept_until < NOW(6) ORDER BY kept_until LIMIT %d"
                                .formatted(schema, SWEPT_AT_ONCE))
                .param(relay)
                .update();
        // Asked for first: within the deletion it would lock what is written meanwhile.
        jdbc.sql(
                        "SELECT id FROM `%s`.relay_offset_history WHERE name = ? AND kept_until IS NULL ORDER BY id DESC LIMIT 1 OFFSET %d"
                                .formatted(schema, LINES_THAT_STAY))
                .param(relay)
                .query(Long.class)
                .optional()
                .ifPresent(newest -> jdbc.sql(
                                "DELETE FROM `%s`.relay_offset_history WHERE name = ? AND kept_until IS NULL AND id <= ? ORDER BY id LIMIT %d"
                                        .formatted(schema, SWEPT_AT_ONCE))
                        .params(relay, newest)
                        .update());
    }

    /**
     * The newest lines, the newest first.
     *
     * @param progress whether those of positions that a relay stored while it ran are wanted too
     */
    public List<Entry> newest(int limit, boolean progress) {
        return entries("%s ORDER BY id DESC LIMIT %d".formatted(progress ? "TRUE" : "cause <> 'PROGRESS'", limit));
    }

    /** What the last move by hand replaced; empty where there was none, or nothing stood there before it. */
    public Optional<Entry> beforeLastMove() {
        return entries("cause IN %s ORDER BY id DESC LIMIT 1".formatted(BY_HAND)).stream()
                .flatMap(move -> entries("id < %d ORDER BY id DESC LIMIT 1".formatted(move.id())).stream())
                .findFirst();
    }

    private List<Entry> entries(String condition) {
        return jdbc.sql("""
                        SELECT id, cause, `offset`, server_uuid, epoch, events, recorded_at, kept_until
                        FROM `%s`.relay_offset_history WHERE name = ? AND %s""".formatted(schema, condition))
                .param(relay)
                .query(OffsetHistory::entry)
                .list();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        LocalDateTime keptUntil = row.getObject("kept_until", LocalDateTime.class);
        return new Entry(
                row.getLong("id"),
                Cause.valueOf(row.getString("cause")),
                StoredOffset.position(row),
                row.getString("server_uuid"),
                row.getLong("epoch"),
                row.getLong("events"),
                row.getObject("recorded_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                keptUntil == null ? null : keptUntil.toInstant(ZoneOffset.UTC));
    }
}
