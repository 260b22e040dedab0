package dev.outboxrelay.mail.claims;

import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.Membership;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Membership} in the table {@code workers}. */
public final class WorkersTable implements Membership {
    private static final Logger log = LoggerFactory.getLogger(WorkersTable.class);

    private final DataSource database;
    private final String consumer;
    private final String worker;
    private final Duration forgottenAfter;

    public WorkersTable(DataSource database, String consumer, String worker, Duration forgottenAfter) {
        this.database = database;
        this.consumer = consumer;
        this.worker = worker;
        this.forgottenAfter = forgottenAfter;
    }

    @Override
    public String self() {
        return worker;
    }

    @Override
    public List<String> beat() {
        long micros = forgottenAfter.dividedBy(ChronoUnit.MICROS.getDuration());
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            Sql.update(
                    connection,
                    "INSERT INTO workers (consumer, worker, seen_at) VALUES (?, ?, NOW(6))"
                            + " ON DUPLICATE KEY UPDATE seen_at = NOW(6)",
                    List.of(consumer, worker));
            Sql.update(
                    connection,
                    "DELETE FROM workers WHERE consumer = ? AND seen_at < TIMESTAMPADD(MICROSECOND, -?, NOW(6))",
                    List.of(consumer, micros));
            return members(connection);
        } catch (SQLException e) {
            throw new ClaimsUnavailableException("the workers cannot be asked: " + e.getMessage(), e);
        }
    }

    private List<String> members(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT worker FROM workers WHERE consumer = ? ORDER BY joined_at, worker")) {
            Sql.set(select, List.of(consumer));
            List<String> members = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    members.add(rows.getString(1));
                }
            }
            return members;
        }
    }

    @Override
    public void leave() {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            Sql.update(connection, "DELETE FROM workers WHERE consumer = ? AND worker = ?", List.of(consumer, worker));
        } catch (SQLException e) {
            log.debug("Could not take leave, forgotten in {}: {}", forgottenAfter, e.getMessage());
        }
    }
}
