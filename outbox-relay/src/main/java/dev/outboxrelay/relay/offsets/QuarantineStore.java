package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.QuarantinedEvent;
import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** One relay's events in quarantine. What has been added is durable when the call returns; adding twice is adding once. */
public final class QuarantineStore {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DETAIL_LENGTH = 1000;
    /** So many in a row are no coincidence any more. */
    private static final int DEADLOCKS = 5;

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public QuarantineStore(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
    }

    /**
     * The aggregates that have events in quarantine. It needs the column by which events are told apart, too: on an older
     * schema, adding the second of two events whose ids differ in case only would lose it.
     *
     * @throws DataAccessException when the database can't be reached, or flyway has not brought its schema up to date
     */
    public Set<Aggregate> aggregates() {
        return new HashSet<>(jdbc.sql("""
                        SELECT DISTINCT aggregate_type, aggregate_id FROM `%s`.relay_quarantine
                        WHERE name = ? AND event_hash IS NOT NULL""".formatted(schema))
                .param(relay)
                .query((row, number) -> new Aggregate(row.getString(1), row.getString(2)))
                .list());
    }

    public long count() {
        return jdbc.sql("SELECT COUNT(*) FROM `%s`.relay_quarantine WHERE name = ?".formatted(schema))
                .param(relay)
                .query(Long.class)
                .single();
    }

    public void add(QuarantinedEvent event) {
        insert(event);
    }

    /**
     * Adds an event behind those of its aggregate, unless that aggregate has been released.
     *
     * @return false where it has, and the event is free to go
     */
    public boolean addIfHeld(QuarantinedEvent event) {
        for (int attempt = 1; ; attempt++) {
            try {
                return addIfStillHeld(event);
            } catch (
                    PessimisticLockingFailureException
                            e) { // with whoever takes events out: MySQL has rolled back this one
                if (attempt == DEADLOCKS) {
                    throw e;
                }
            }
        }
    }

    private boolean addIfStillHeld(QuarantinedEvent event) {
        return Boolean.TRUE.equals(transactions.execute(transaction -> {
            Aggregate aggregate = event.aggregate();
            boolean held = !jdbc.sql("""
                            SELECT id FROM `%s`.relay_quarantine WHERE name = ? AND aggregate_type = ? AND aggregate_id = ?
                            LIMIT 1 FOR UPDATE""".formatted(schema))
                    .params(relay, aggregate.type(), aggregate.id())
                    .query(Long.class)
                    .list()
                    .isEmpty();
            if (held) {
                insert(event);
            }
            return held;
        }));
    }

    /** Not IGNORE: that would cut off what is too long, and under a name that was cut off nobody finds an event again. */
    private void insert(QuarantinedEvent event) {
        jdbc.sql("""
                        INSERT INTO `%s`.relay_quarantine
                          (name, source_table, event_id, aggregate_type, aggregate_id, type, reason, detail, message, payload)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS again
                        ON DUPLICATE KEY UPDATE event_id = again.event_id""".formatted(schema))
                .param(relay)
                .param(event.table())
                .param(event.id())
                .param(event.aggregate().type())
                .param(event.aggregate().id())
                .param(event.type())
                .param(event.reason().name())
                .param(event.detail()
                        .substring(0, Math.min(DETAIL_LENGTH, event.detail().length())))
                .param(json(event.message()))
                .param(event.payload())
                .update();
    }

    private static @Nullable String json(@Nullable Map<String, Object> message) {
        return message == null ? null : JSON.writeValueAsString(message);
    }
}
