package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * One relay's offset and its history, in the database whose binlog it describes, so that a failover carries both.
 *
 * <p>Every write names the writer's epoch and is refused where a newer one stands; a write that has returned is durable.
 */
public final class OffsetStore {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;
    private final OffsetHistory history;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay, the key of its rows
     */
    public OffsetStore(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
        history = new OffsetHistory(jdbc, schema, relay);
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

    /** Whether an offset has ever been stored: where it has and there is none, somebody has deleted it. */
    public boolean hasHistory() {
        return Boolean.TRUE.equals(
                jdbc.sql("SELECT EXISTS (SELECT 1 FROM `%s`.relay_offset_history WHERE name = ?)".formatted(schema))
                        .param(relay)
                        .query(Boolean.class)
                        .single());
    }

    /**
     * Stores a position in passing, and its line of history, together.
     *
     * @param events messages confirmed since the last write
     * @throws FencedException where a newer epoch has written
     */
    public void advance(Position position, String serverUuid, long epoch, long events) throws FencedException {
        store(epoch, () -> {
            boolean moved = move(position, serverUuid, epoch, events);
            if (moved) {
                history.addPassing();
            }
            return moved;
        });
    }

    /**
     * Stores a position and a line of history that stays, together; makes the row where there is none.
     *
     * @param events messages confirmed since the last write
     * @throws FencedException where a newer epoch has written
     */
    public void record(Cause cause, Position position, String serverUuid, long epoch, long events)
            throws FencedException {
        store(epoch, () -> {
            jdbc.sql(
                            "INSERT IGNORE INTO `%s`.relay_offset (name, `offset`, server_uuid, epoch, events) VALUES (?, ?, ?, ?, 0)"
                                    .formatted(schema))
                    .params(relay, StoredOffset.json(position), serverUuid, epoch)
                    .update();
            boolean moved = move(position, serverUuid, epoch, events);
            if (moved) {
                history.add(cause);
            }
            return moved;
        });
    }

    private boolean move(Position position, String serverUuid, long epoch, long events) {
        int rows = jdbc.sql("""
                        UPDATE `%s`.relay_offset SET `offset` = ?, server_uuid = ?, epoch = ?, events = events + ?
                        WHERE name = ? AND epoch <= ?""".formatted(schema))
                .params(StoredOffset.json(position), serverUuid, epoch, events, relay, epoch)
                .update();
        return rows > 0;
    }

    private void store(long epoch, BooleanSupplier write) throws FencedException {
        boolean stored = Boolean.TRUE.equals(transactions.execute(transaction -> {
            boolean written = write.getAsBoolean();
            if (!written) {
                transaction.setRollbackOnly();
            }
            return written;
        }));
        if (!stored) {
            throw new FencedException(
                    "The offset of relay '%s' was not stored: an epoch newer than %d has written it, or deleted it"
                            .formatted(relay, epoch));
        }
    }

    /** Keeps the history small; to be called about once a minute while positions are stored. */
    public void sweepHistory() {
        history.sweep();
    }

    static StoredOffset storedOffset(ResultSet row, int number) throws SQLException {
        return new StoredOffset(
                StoredOffset.position(row),
                row.getString("server_uuid"),
                row.getLong("epoch"),
                row.getLong("events"),
                row.getObject("updated_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }
}
