package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.MySqlSettings;
import dev.outboxrelay.relay.RootCause;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A command's one connection to MySQL, made when it is first asked for. */
final class CommandConnection extends SingleConnectionDataSource {

    private final MySqlSettings mysql;

    CommandConnection(MySqlSettings mysql) {
        super(mysql.url(), true);
        this.mysql = mysql;
    }

    /** There was no connection to be had; its message is a sentence that says where. */
    static final class UnreachableException extends SQLException {

        private static final long serialVersionUID = 1;

        private UnreachableException(MySqlSettings mysql, SQLException cause) {
            super(
                    "MySQL at %s:%d %s".formatted(mysql.host(), mysql.port(), why(cause)),
                    cause.getSQLState(),
                    cause.getErrorCode(),
                    cause);
        }

        private static String why(SQLException cause) {
            return NestedExceptionUtils.getMostSpecificCause(cause) instanceof SocketTimeoutException
                    ? "did not answer in time (spring.datasource.url)"
                    : "can't be reached (spring.datasource.url): " + RootCause.of(cause);
        }
    }

    @Override
    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
        try {
            return super.getConnectionFromDriver(properties);
        } catch (SQLException e) {
            throw String.valueOf(e.getSQLState()).startsWith("08") ? new UnreachableException(mysql, e) : e;
        }
    }
}
