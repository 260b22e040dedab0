package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Evidence.Event;
import dev.outboxrelay.chaos.Evidence.Handled;
import dev.outboxrelay.demo.Pipeline;
import dev.outboxrelay.flyway.Names;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What MySQL knows, read by the user who may change nothing and past all proxies. */
final class Books {

    private final Pipeline pipeline;
    private final Names names;

    Books(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.names = pipeline.scope().names();
    }

    /** Everything in the outbox. */
    List<Event> events() {
        return read(
                "SELECT BIN_TO_UUID(id), aggregateid, type, aggregate_version FROM `%s`.outbox"
                        .formatted(names.orders()),
                row -> new Event(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)));
    }

    /** By event, what the mail worker has recorded. */
    Map<String, Handled> handled() {
        Map<String, Handled> all = new HashMap<>();
        read(
                "SELECT message_id, state, unknowns, CONCAT_WS(', ', CONCAT('attempts ', attempts), CONCAT('claimed ', created_at),"
                        + " CONCAT('sent ', sent_at), CONCAT('by ', claimed_by)) FROM `%s`.processed_messages"
                                .formatted(names.mail()),
                row -> all.put(row.getString(1), new Handled(row.getString(2), row.getInt(3), row.getString(4))));
        return all;
    }

    /** Events that the mail worker is not done with, or has never seen. */
    Set<String> open() {
        return Set.copyOf(read(
                "SELECT BIN_TO_UUID(o.id) FROM `%s`.outbox o LEFT JOIN `%s`.processed_messages p ON p.message_id = BIN_TO_UUID(o.id)"
                                .formatted(names.orders(), names.mail())
                        + " WHERE COALESCE(p.state, '') NOT IN ('SENT', 'FAILED', 'UNKNOWN')",
                row -> row.getString(1)));
    }

    /** How many mails wait for their next try, or for an earlier one of their order. */
    long waiting() {
        return read(
                        "SELECT COUNT(*) FROM `%s`.processed_messages WHERE state = 'WAITING'".formatted(names.mail()),
                        row -> row.getLong(1))
                .get(0);
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> read(String query, Row<T> as) {
        try (Connection connection = pipeline.audit();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(as.of(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("MySQL does not answer the campaign", e);
        }
    }
}
