package dev.outboxrelay.bench;

import dev.outboxrelay.local.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the bench itself does in MySQL, as root. */
public record Sql(MySqlServer server) {

    /** Carries out the statements on one connection, one after the other. */
    public void run(String... statements) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("MySQL refused what the bench needs", e);
        }
    }

    /** The first column of the first row. */
    public String read(String query) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            if (!result.next()) {
                throw new IllegalStateException("Nothing found by " + query);
            }
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("MySQL refused what the bench needs", e);
        }
    }

    public BinlogPosition position() {
        try (Connection connection = server.connect()) {
            return BinlogPosition.now(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read the binlog's end", e);
        }
    }
}
