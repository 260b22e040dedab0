package dev.outboxrelay.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A place in the binlog. */
public record BinlogPosition(String file, long position) {

    /** The end of the binlog now. */
    static BinlogPosition now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet status = statement.executeQuery(statusQuery(connection))) {
            status.next();
            return new BinlogPosition(status.getString("File"), status.getLong("Position"));
        }
    }

    private static String statusQuery(Connection connection) throws SQLException {
        boolean renamed = connection.getMetaData().getDatabaseMajorVersion() > 8
                || connection.getMetaData().getDatabaseMinorVersion() >= 4;
        return renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
    }
}
