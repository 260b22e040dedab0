package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Moves one relay's offset by hand, and remembers what it was. */
public final class OffsetMoves {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OFFSET = new TypeReference<>() {};
    private static final String BY_HAND = "('REWIND', 'SKIP', 'IMPORT', 'UNDO')";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public OffsetMoves(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
    }

    /** A line of history. */
    public record Entry(
            long id, Cause cause, Position position, String serverUuid, long epoch, long events, Instant recordedAt) {}

    /**
     * A move that is done.
     *
     * @param replaced what stood there at that moment
     * @param epoch of the move: relays with an older one can't store an offset any more
     */
    public record Moved(Optional<StoredOffset> replaced, long epoch) {}

    /**
     * Where to go, and on whose behalf.
     *
     * @param expectedEpoch of the offset that was looked at; 0 for none
     * @param by names the operator, in the lease
     */
    public record Move(Cause cause, Position to, String serverUuid, long expectedEpoch, String by) {}

    /**
     * Stores a position under a new epoch. A relay that runs is fenced by that: it stores nothing more, gives up, and goes on
     * from here once its lease is over; nobody else can begin to publish before that.
     *
     * @param stillHolds asked of the offset as it stands, when nobody else can move it any more
     * @return empty where the offset was moved by somebody else since it was looked at, or {@code stillHolds} said no: nothing
     *     was changed
     * @throws DataAccessException when the database can't be reached; nothing was changed
     */
    public Optional<Moved> move(Move move, Predicate<Optional<StoredOffset>> stillHolds) {
        Optional<Moved> moved = transactions.execute(transaction -> {
            long leaseEpoch = jdbc.sql("SELECT epoch FROM `%s`.relay_lease WHERE name = ? FOR UPDATE".formatted(schema))
                    .param(relay)
                    .query(Long.class)
                    .optional()
                    .orElse(0L);
            Optional<StoredOffset> now = lock();
            long epoch = now.map(StoredOffset::epoch).orElse(0L);
            if (epoch != move.expectedEpoch() || !stillHolds.test(now)) {
                return Optional.<Moved>empty();
            }
            long next = 1 + Math.max(leaseEpoch, epoch);
            if (now.isPresent()) {
                record(Cause.PROGRESS);
            }
            store(move, next);
            record(move.cause());
            jdbc.sql("UPDATE `%s`.relay_lease SET owner = ?, epoch = ? WHERE name = ?".formatted(schema))
                    .params(move.by(), next, relay)
                    .update();
            return Optional.of(new Moved(now, next));
        });
        return moved == null ? Optional.empty() : moved;
    }

    private Optional<StoredOffset> lock() {
        return jdbc.sql(
                        "SELECT `offset`, server_uuid, epoch, events, updated_at FROM `%s`.relay_offset WHERE name = ? FOR UPDATE"
                                .formatted(schema))
                .param(relay)
                .query(OffsetStore::storedOffset)
                .optional();
    }

    private void store(Move move, long epoch) {
        jdbc.sql("""
                        INSERT INTO `%s`.relay_offset (name, `offset`, server_uuid, epoch, events) VALUES (?, ?, ?, ?, 0) AS moved
                        ON DUPLICATE KEY UPDATE `offset` = moved.`offset`, server_uuid = moved.server_uuid, epoch = moved.epoch""".formatted(schema))
                .params(relay, JSON.writeValueAsString(move.to().offset()), move.serverUuid(), epoch)
                .update();
    }

    private void record(Cause cause) {
        jdbc.sql("""
                        INSERT INTO `%1$s`.relay_offset_history (name, cause, `offset`, server_uuid, epoch, events)
                        SELECT name, ?, `offset`, server_uuid, epoch, events FROM `%1$s`.relay_offset WHERE name = ?""".formatted(schema)).params(cause.name(), relay).update();
    }

    /** The newest lines, the newest first. */
    public List<Entry> history(int limit) {
        return entries("TRUE ORDER BY id DESC LIMIT " + limit);
    }

    /** What the last move by hand replaced; empty where there was none, or nothing stood there before it. */
    public Optional<Entry> beforeLastMove() {
        return entries("cause IN %s ORDER BY id DESC LIMIT 1".formatted(BY_HAND)).stream()
                .flatMap(move -> entries("id < %d ORDER BY id DESC LIMIT 1".formatted(move.id())).stream())
                .findFirst();
    }

    private List<Entry> entries(String condition) {
        return jdbc.sql("""
                        SELECT id, cause, `offset`, server_uuid, epoch, events, recorded_at FROM `%s`.relay_offset_history
                        WHERE name = ? AND %s""".formatted(schema, condition))
                .param(relay)
                .query(OffsetMoves::entry)
                .list();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        return new Entry(
                row.getLong("id"),
                Cause.valueOf(row.getString("cause")),
                new Position(JSON.readValue(row.getString("offset"), OFFSET)),
                row.getString("server_uuid"),
                row.getLong("epoch"),
                row.getLong("events"),
                row.getObject("recorded_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }
}
