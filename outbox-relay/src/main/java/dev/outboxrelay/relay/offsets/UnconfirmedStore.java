package dev.outboxrelay.relay.offsets;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** One relay's events that the consumer was not done with in time, and up to where that was looked for. By the database's clock. */
public final class UnconfirmedStore {

    /** In bytes and in characters, no message has a longer id. */
    private static final int LONGEST_ID = 255;

    private static final int BATCH = 500;

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public UnconfirmedStore(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
    }

    /**
     * An event that was not confirmed in time.
     *
     * @param number grows in the order of finding
     * @param redriven how often it was published again
     * @param triedAt when that was last begun; null where it never was
     * @param givenUp whether it is missing after all tries
     * @param dropped whether somebody has dropped it for good
     * @param quarantined whether it is in quarantine
     */
    public record Unconfirmed(
            long number,
            String table,
            String event,
            int redriven,
            @Nullable Instant triedAt,
            boolean givenUp,
            boolean dropped,
            boolean quarantined) {

        /** Whether it is to be published again until it is confirmed. */
        public boolean isOpen() {
            return !dropped && !quarantined;
        }
    }

    /** An event that is found to be unconfirmed. */
    public record Found(String id, Instant writtenAt) {}

    public Instant now() {
        return jdbc.sql("SELECT NOW(6)").query(LocalDateTime.class).single().toInstant(ZoneOffset.UTC);
    }

    /** Up to which time of writing a table's events have been looked at; asked for the first time, that is now. */
    public Instant verifiedTo(String table) {
        jdbc.sql("INSERT IGNORE INTO `%s`.relay_verification VALUES (?, ?, NOW(6))".formatted(schema))
                .params(relay, table)
                .update();
        return jdbc.sql("SELECT verified_to FROM `%s`.relay_verification WHERE name = ? AND source_table = ?"
                        .formatted(schema))
                .params(relay, table)
                .query(LocalDateTime.class)
                .single()
                .toInstant(ZoneOffset.UTC);
    }

    /** Up to which time of writing all of these tables have been looked at that ever were; nothing is changed by asking. */
    public Optional<Instant> verifiedTo(Collection<String> tables) {
        return jdbc.sql(
                        "SELECT MIN(verified_to) FROM `%s`.relay_verification WHERE name = :relay AND source_table IN (:tables)"
                                .formatted(schema))
                .param("relay", relay)
                .param("tables", tables)
                .query(LocalDateTime.class)
                .optional()
                .map(verified -> verified.toInstant(ZoneOffset.UTC));
    }

    /**
     * Remembers events that are not confirmed, and that all others up to that time are. One that is known already stays as it is;
     * one with an id that no message can have is in quarantine.
     *
     * @throws DataAccessException when the database can't be reached; nothing was changed then, or all
     */
    public void verified(String table, List<Found> unconfirmed, Instant upTo) {
        List<Found> events = unconfirmed.stream()
                .filter(event -> event.id().length() <= LONGEST_ID)
                .toList();
        transactions.executeWithoutResult(transaction -> {
            for (int from = 0; from < events.size(); from += BATCH) {
                insert(table, events.subList(from, Math.min(events.size(), from + BATCH)));
            }
            jdbc.sql(
                            "UPDATE `%s`.relay_verification SET verified_to = GREATEST(verified_to, ?) WHERE name = ? AND source_table = ?"
                                    .formatted(schema))
                    .params(utc(upTo), relay, table)
                    .update();
        });
    }

    private void insert(String table, List<Found> events) {
        List<Object> values = new ArrayList<>();
        events.forEach(event -> Collections.addAll(values, relay, table, event.id(), utc(event.writtenAt())));
        jdbc.sql("INSERT IGNORE INTO `%s`.relay_unconfirmed (name, source_table, event_id, written_at) VALUES %s"
                        .formatted(schema, String.join(", ", Collections.nCopies(events.size(), "(?, ?, ?, ?)"))))
                .params(values)
                .update();
    }

    /**
     * From which time of writing on the rows of a table are still needed: they have not been looked at, or are to be published
     * again.
     */
    public Instant neededFrom(String table) {
        Instant verified = verifiedTo(table);
        return jdbc.sql("""
                        SELECT MIN(u.written_at) FROM `%1$s`.relay_unconfirmed u
                        WHERE u.name = ? AND u.source_table = ? AND NOT u.given_up AND NOT u.dropped AND NOT EXISTS (
                          SELECT 1 FROM `%1$s`.relay_quarantine q WHERE q.name = u.name AND q.source_table = u.source_table
                            AND q.event_hash = UNHEX(SHA2(u.event_id, 256)))""".formatted(schema))
                .params(relay, table)
                .query(LocalDateTime.class)
                .optional()
                .map(first -> first.toInstant(ZoneOffset.UTC))
                .filter(first -> first.isBefore(verified))
                .orElse(verified);
    }

    private static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    /** Those behind that number, in their order. */
    public List<Unconfirmed> list(long after, int limit) {
        return jdbc.sql("""
                        SELECT u.id, u.source_table, u.event_id, u.redriven, u.tried_at, u.given_up, u.dropped, q.id IS NOT NULL
                        FROM `%1$s`.relay_unconfirmed u LEFT JOIN `%1$s`.relay_quarantine q ON q.name = u.name
                          AND q.source_table = u.source_table AND q.event_hash = UNHEX(SHA2(u.event_id, 256))
                        WHERE u.name = ? AND u.id > ? ORDER BY u.id LIMIT ?""".formatted(schema))
                .params(relay, after, limit)
                .query(UnconfirmedStore::unconfirmed)
                .list();
    }

    /** How many are missing after all tries. */
    public long missing() {
        return jdbc.sql("SELECT COUNT(*) FROM `%s`.relay_unconfirmed WHERE name = ? AND given_up AND NOT dropped"
                        .formatted(schema))
                .param(relay)
                .query(Long.class)
                .single();
    }

    /** Forgets events: they have been confirmed, or their rows are gone. */
    public void remove(Collection<Unconfirmed> events) {
        change("DELETE FROM `%s`.relay_unconfirmed", events);
    }

    /** Remembers that events are about to be published again. */
    public void tries(Collection<Unconfirmed> events) {
        change("UPDATE `%s`.relay_unconfirmed SET tried_at = NOW(6)", events);
    }

    /** Remembers that the broker has confirmed them again. */
    public void redriven(Collection<Unconfirmed> events) {
        change("UPDATE `%s`.relay_unconfirmed SET redriven = redriven + 1", events);
    }

    /** Remembers that they are not confirmed after all tries. */
    public void giveUp(Collection<Unconfirmed> events) {
        change("UPDATE `%s`.relay_unconfirmed SET given_up = TRUE", events);
    }

    private void change(String statement, Collection<Unconfirmed> events) {
        if (!events.isEmpty()) {
            jdbc.sql((statement + " WHERE id IN (:numbers)").formatted(schema))
                    .param("numbers", events.stream().map(Unconfirmed::number).toList())
                    .update();
        }
    }

    private static Unconfirmed unconfirmed(ResultSet row, int number) throws SQLException {
        LocalDateTime triedAt = row.getObject(5, LocalDateTime.class);
        return new Unconfirmed(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                triedAt == null ? null : triedAt.toInstant(ZoneOffset.UTC),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8));
    }
}
