package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.QuarantinedEvent;
import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.QuarantinedEvent.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One relay's quarantine, to look at and to take events out of, while relays add to it: as long as an aggregate has a row here,
 * a relay puts its next event behind it, and asks anew before it publishes one.
 */
public final class QuarantineRows {

    private static final Logger log = LoggerFactory.getLogger(QuarantineRows.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> MESSAGE = new TypeReference<>() {};
    private static final int DEADLOCKS = 5;
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String table;
    private final String relay;

    /**
     * An event in quarantine.
     *
     * @param number grows in the order of quarantining, which within an aggregate is commit order
     */
    public record Entry(long number, QuarantinedEvent event, Instant since) {}

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public QuarantineRows(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.table = "`%s`.relay_quarantine".formatted(schema);
        this.relay = relay;
    }

    /** The first ones, without their payloads. */
    public List<Entry> list(int limit) {
        return jdbc.sql(select("NULL", "") + " LIMIT ?")
                .params(relay, limit)
                .query(QuarantineRows::entry)
                .list();
    }

    /** Those of one aggregate in their order, without their payloads. */
    public List<Entry> list(Aggregate aggregate) {
        return jdbc.sql(select("NULL", "AND aggregate_type = ? AND aggregate_id = ?"))
                .params(relay, aggregate.type(), aggregate.id())
                .query(QuarantineRows::entry)
                .list();
    }

    /** With its payload; ids of several tables may be the same. A UUID in capitals is the same where nothing is called so. */
    public List<Entry> find(String eventId) {
        List<Entry> exactly = named(eventId);
        return exactly.isEmpty() && UUID.matcher(eventId).matches() ? named(eventId.toLowerCase(Locale.ROOT)) : exactly;
    }

    private List<Entry> named(String eventId) {
        return jdbc.sql(select("payload", "AND event_id = ?"))
                .params(relay, eventId)
                .query(QuarantineRows::entry)
                .list();
    }

    /** The event that holds all others of its aggregate, with its payload. */
    public Optional<Entry> first(Aggregate aggregate) {
        return jdbc.sql(select("payload", "AND aggregate_type = ? AND aggregate_id = ?") + " LIMIT 1")
                .params(relay, aggregate.type(), aggregate.id())
                .query(QuarantineRows::entry)
                .optional();
    }

    /** The aggregates that are held, in the order of their first events. */
    public List<Aggregate> aggregates() {
        return jdbc.sql("SELECT aggregate_type, aggregate_id FROM " + table
                        + " WHERE name = ? GROUP BY aggregate_type, aggregate_id ORDER BY MIN(id)")
                .param(relay)
                .query((row, number) -> new Aggregate(row.getString(1), row.getString(2)))
                .list();
    }

    public long count() {
        return jdbc.sql("SELECT COUNT(*) FROM " + table + " WHERE name = ?")
                .param(relay)
                .query(Long.class)
                .single();
    }

    /** How many events of one aggregate are held. */
    public long count(Aggregate aggregate) {
        return jdbc.sql("SELECT COUNT(*) FROM " + table + " WHERE name = ? AND aggregate_type = ? AND aggregate_id = ?")
                .params(relay, aggregate.type(), aggregate.id())
                .query(Long.class)
                .single();
    }

    /**
     * Takes an event out that has been published. Where it was the last of its aggregate, the aggregate is released: what a relay
     * finds of it from now on is published.
     *
     * @return false where it was not there any more
     */
    public boolean remove(Entry entry) {
        return tried(() -> lockAndRemove(entry) && noted("""
                        UPDATE `%s`.relay_unconfirmed SET tried_at = NOW(6)
                        WHERE name = ? AND source_table = ? AND event_id = LEFT(?, 255)""", entry.event()));
    }

    /**
     * The same with an event that is never to be published, also not because no consumer confirms it.
     *
     * @return false where it was not there any more
     */
    public boolean drop(Entry entry) {
        return tried(() -> lockAndRemove(entry) && noted("""
                        INSERT INTO `%s`.relay_unconfirmed (name, source_table, event_id, dropped)
                        VALUES (?, ?, LEFT(?, 255), TRUE) ON DUPLICATE KEY UPDATE dropped = TRUE""", entry.event()));
    }

    private boolean tried(BooleanSupplier change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Boolean.TRUE.equals(transactions.execute(transaction -> change.getAsBoolean()));
            } catch (PessimisticLockingFailureException e) {
                if (attempt == DEADLOCKS) {
                    throw e;
                }
            }
        }
    }

    /** Locks by the same index and in the same order as a relay that adds to the aggregate, so that neither is a deadlock's victim. */
    private boolean lockAndRemove(Entry entry) {
        Aggregate aggregate = entry.event().aggregate();
        jdbc.sql("SELECT id FROM " + table
                        + " WHERE name = ? AND aggregate_type = ? AND aggregate_id = ? AND id <= ? FOR UPDATE")
                .params(relay, aggregate.type(), aggregate.id(), entry.number())
                .query(Long.class)
                .list();
        return jdbc.sql("DELETE FROM " + table + " WHERE id = ?")
                        .param(entry.number())
                        .update()
                == 1;
    }

    /** For who verifies deliveries: its consumer has the event only just now, or never will. */
    private boolean noted(String sql, QuarantinedEvent event) {
        try {
            jdbc.sql(sql.formatted(schema))
                    .params(relay, event.table(), event.id())
                    .update();
        } catch (BadSqlGrammarException e) {
            log.debug("Nothing is verified on a schema without the table for it", e);
        }
        return true;
    }

    /**
     * Makes sure that nobody else takes events out, until the connection is closed.
     *
     * @return false where somebody else does
     */
    public boolean lock() {
        return Boolean.TRUE.equals(jdbc.sql("SELECT GET_LOCK(LEFT(CONCAT('quarantine ', SHA1(?)), 64), 0)")
                .param(table + " " + relay)
                .query(Boolean.class)
                .single());
    }

    private String select(String payload, String where) {
        return """
                SELECT id, source_table, event_id, aggregate_type, aggregate_id, type, reason, detail, message, %s, quarantined_at
                FROM %s WHERE name = ? %s ORDER BY id""".formatted(payload, table, where);
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        QuarantinedEvent event = new QuarantinedEvent(
                row.getString(2),
                row.getString(3),
                new Aggregate(row.getString(4), row.getString(5)),
                row.getString(6),
                Reason.valueOf(row.getString(7)),
                row.getString(8),
                message(row.getString(9)),
                row.getBytes(10));
        return new Entry(
                row.getLong(1), event, row.getObject(11, LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }

    private static @Nullable Map<String, Object> message(@Nullable String json) {
        return json == null ? null : JSON.readValue(json, MESSAGE);
    }
}
