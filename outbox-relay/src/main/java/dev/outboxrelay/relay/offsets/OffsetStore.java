package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One relay's offset and its history, in the database whose binlog it describes, so that a failover carries both.
 *
 * <p>Every write names the writer's epoch and is refused where a newer one stands; a write that has returned is durable.
 */
public final class OffsetStore {

    /** Older history than this is swept, newest kept whatever their age. */
    private static final int HISTORY_ROWS = 10_000;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OFFSET = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay, the key of its rows
     */
    public OffsetStore(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
    }

    /**
     * The stored offset, if there is one.
     *
     * @throws DataAccessException when the database can't be reached or read
     */
    public Optional<StoredOffset> read() {
        return jdbc.sql("SELECT `offset`, server_uuid, epoch, events, updated_at FROM `%s`.relay_offset WHERE name = ?"
                        .formatted(schema))
                .param(relay)
                .query(OffsetStore::storedOffset)
                .optional();
    }

    /**
     * Stores a position, in passing.
     *
     * @param events messages confirmed since the last write
     * @throws FencedException where a newer epoch has written
     */
    public void advance(Position position, String serverUuid, long epoch, long events) throws FencedException {
        int rows = jdbc.sql("""
                        UPDATE `%s`.relay_offset SET `offset` = ?, server_uuid = ?, epoch = ?, events = events + ?
                        WHERE name = ? AND epoch <= ?""".formatted(schema))
                .params(JSON.writeValueAsString(position.offset()), serverUuid, epoch, events, relay, epoch)
                .update();
        if (rows == 0) {
            throw new FencedException(
                    "The offset of relay '%s' was not moved: an epoch newer than %d has written it, or deleted it"
                            .formatted(relay, epoch));
        }
    }

    /**
     * Stores a position and a line of history, together; makes the row where there is none.
     *
     * @param events messages confirmed since the last write
     * @throws FencedException where a newer epoch has written
     */
    public void record(Cause cause, Position position, String serverUuid, long epoch, long events)
            throws FencedException {
        String offset = JSON.writeValueAsString(position.offset());
        boolean stored = Boolean.TRUE.equals(transactions.execute(transaction -> {
            jdbc.sql(
                            "INSERT IGNORE INTO `%s`.relay_offset (name, `offset`, server_uuid, epoch, events) VALUES (?, ?, ?, ?, 0)"
                                    .formatted(schema))
                    .params(relay, offset, serverUuid, epoch)
                    .update();
            try {
                advance(position, serverUuid, epoch, events);
            } catch (FencedException e) {
                transaction.setRollbackOnly();
                return false;
            }
            jdbc.sql("""
                            INSERT INTO `%1$s`.relay_offset_history (name, cause, `offset`, server_uuid, epoch, events)
                            SELECT name, ?, `offset`, server_uuid, epoch, events FROM `%1$s`.relay_offset WHERE name = ?""".formatted(schema)).params(cause.name(), relay).update();
            return true;
        }));
        if (!stored) {
            throw new FencedException("The offset of relay '%s' was not stored: an epoch newer than %d has written it"
                    .formatted(relay, epoch));
        }
    }

    /** Deletes the history's oldest rows where there are too many; at most a thousand at a time. */
    public void sweepHistory() {
        jdbc.sql("""
                        DELETE FROM `%1$s`.relay_offset_history WHERE name = ? AND id < (SELECT id FROM (
                          SELECT id FROM `%1$s`.relay_offset_history WHERE name = ? ORDER BY id DESC LIMIT 1 OFFSET %2$d) oldest)
                        ORDER BY id LIMIT 1000""".formatted(schema, HISTORY_ROWS)).params(relay, relay).update();
    }

    static StoredOffset storedOffset(ResultSet row, int number) throws SQLException {
        return new StoredOffset(
                new Position(JSON.readValue(row.getString("offset"), OFFSET)),
                row.getString("server_uuid"),
                row.getLong("epoch"),
                row.getLong("events"),
                row.getObject("updated_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }
}
