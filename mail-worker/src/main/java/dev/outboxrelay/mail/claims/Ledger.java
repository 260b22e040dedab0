package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The operator's view of {@code processed_messages}. */
public final class Ledger {
    private static final String FIELDS =
            "message_id, aggregate_id, state, attempts, unknowns, smtp_reply, reason, detail,"
                    + " CAST(UNIX_TIMESTAMP(created_at) * 1000 AS SIGNED), CAST(UNIX_TIMESTAMP(updated_at) * 1000 AS SIGNED)";

    private final DataSource database;
    private final String consumer;

    public Ledger(DataSource database, String consumer) {
        this.database = database;
        this.consumer = consumer;
    }

    /** One message and what is known of it. */
    public record Entry(
            String id,
            String order,
            String state,
            int attempts,
            int unknowns,
            @Nullable String reply,
            @Nullable String reason,
            @Nullable String detail,
            Instant firstAt,
            Instant changedAt) {}

    /** How many messages are in each state. */
    public Map<String, Long> states() {
        Map<String, Long> states = new LinkedHashMap<>();
        for (String state : List.of("SENDING", "WAITING", "SENT", "UNKNOWN", "FAILED")) {
            states.put(state, 0L);
        }
        query(
                "SELECT state, COUNT(*) FROM processed_messages WHERE consumer = ? GROUP BY state",
                List.of(consumer),
                row -> states.put(row.getString(1), row.getLong(2)));
        return states;
    }

    /** How many attempts have ended without anybody knowing whether the mail was sent. */
    public long unknowns() {
        List<Long> sum = new ArrayList<>();
        query(
                "SELECT COALESCE(SUM(unknowns), 0) FROM processed_messages WHERE consumer = ?",
                List.of(consumer),
                row -> sum.add(row.getLong(1)));
        return sum.get(0);
    }

    /** Those that wait for a verdict, the oldest first. */
    public List<Entry> undecided(int limit) {
        return entries("state = 'UNKNOWN' ORDER BY created_at LIMIT " + limit, List.of());
    }

    public Optional<Entry> find(String id) {
        return entries("message_id = ?", List.of(id)).stream().findAny();
    }

    /** The workers that consume, by name. */
    public List<String> workers() {
        List<String> workers = new ArrayList<>();
        query(
                "SELECT worker FROM workers WHERE consumer = ? ORDER BY joined_at, worker",
                List.of(consumer),
                row -> workers.add(row.getString(1)));
        return workers;
    }

    /** Lets a message that was given up be tried as if it were new. Does nothing to one that was not given up. */
    public void reopen(String id) {
        change(
                "state = 'WAITING', attempts = 0, retry_at = NULL, lease_until = NULL, reason = NULL, detail = NULL,"
                        + " created_at = NOW(6)",
                id,
                "state IN ('FAILED', 'UNKNOWN')");
    }

    /** Settles an unknown one: the mail was sent. False if it was not unknown. */
    public boolean resolveSent(String id) {
        return change("state = 'SENT', sent_at = updated_at, detail = 'sent, by verdict'", id, "state = 'UNKNOWN'");
    }

    /** A message that is thrown away: when it comes again it is acknowledged. */
    public void drop(String id) {
        change("state = 'FAILED', reason = '" + ClaimRow.DROPPED + "'", id, "state <> 'SENT'");
    }

    private boolean change(String assignments, String id, String condition) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            return Sql.update(
                            connection,
                            "UPDATE processed_messages SET " + assignments
                                    + " WHERE consumer = ? AND message_id = ? AND " + condition,
                            List.of(consumer, id))
                    == 1;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private List<Entry> entries(String condition, List<Object> more) {
        List<Object> values = new ArrayList<>(List.of(consumer));
        values.addAll(more);
        List<Entry> entries = new ArrayList<>();
        query(
                "SELECT " + FIELDS + " FROM processed_messages WHERE consumer = ? AND " + condition,
                values,
                row -> entries.add(new Entry(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        Instant.ofEpochMilli(row.getLong(9)),
                        Instant.ofEpochMilli(row.getLong(10)))));
        return entries;
    }

    private void query(String sql, List<?> values, Row each) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            Sql.set(select, values);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    each.read(rows);
                }
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static ClaimsUnavailableException unavailable(SQLException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new ClaimsUnavailableException("the database cannot be used: " + cause.getMessage(), e);
    }

    @FunctionalInterface
    private interface Row {
        void read(ResultSet row) throws SQLException;
    }
}
