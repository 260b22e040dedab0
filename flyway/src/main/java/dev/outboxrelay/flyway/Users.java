package dev.outboxrelay.flyway;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The four users, and all that each of them may do. */
final class Users {
    private static final String ROWS = "SELECT, INSERT, UPDATE, DELETE";

    private final Connection connection;

    private Users(Connection connection) {
        this.connection = connection;
    }

    /** Makes or changes the users so that these passwords hold, then grants; what they had before they keep. */
    static void grant(Connection connection, Names names, Passwords passwords) throws SQLException {
        Users users = new Users(connection);
        users.orderApp(names, passwords.orderApp());
        users.outboxRelay(names, passwords.outboxRelay());
        users.mailWorker(names, passwords.mailWorker());
        users.auditor(names, passwords.auditor());
    }

    /** It cannot see, change or delete an event once it is written, nor change what was ordered. */
    private void orderApp(Names names, String password) throws SQLException {
        String user = user(names.orderApp(), password);
        grant("SELECT, INSERT, UPDATE (status, version)", table(names.orders(), "orders"), user);
        grant("SELECT, INSERT", table(names.orders(), "order_lines"), user);
        grant("SELECT, INSERT, DELETE", table(names.orders(), "idempotency_keys"), user);
        grant("INSERT", table(names.orders(), "outbox"), user);
    }

    /**
     * Reads the binlog, reads the outbox for snapshots, deletes what is old, and sees which messages the mail worker has. No
     * RELOAD and no LOCK TABLES: the snapshot takes no lock.
     */
    private void outboxRelay(Names names, String password) throws SQLException {
        String user = user(names.outboxRelay(), password);
        grant("REPLICATION SLAVE, REPLICATION CLIENT", "*.*", user);
        grant("SELECT, DELETE", table(names.orders(), "outbox"), user);
        grant("SELECT", table(names.mail(), "confirmations"), user);
        grant(ROWS, schema(names.relay()), user);
    }

    private void mailWorker(Names names, String password) throws SQLException {
        grant(ROWS, schema(names.mail()), user(names.mailWorker(), password));
    }

    private void auditor(Names names, String password) throws SQLException {
        String user = user(names.auditor(), password);
        for (Schema schema : Schema.of(names)) {
            grant("SELECT", schema(schema.name()), user);
        }
    }

    private String user(String name, String password) throws SQLException {
        String user = "'" + name + "'@'%'";
        for (String statement : new String[] {"CREATE USER IF NOT EXISTS ", "ALTER USER "}) {
            try (PreparedStatement identify =
                    connection.prepareStatement(statement + user + " IDENTIFIED WITH caching_sha2_password BY ?")) {
                identify.setString(1, password);
                identify.execute();
            }
        }
        return user;
    }

    private void grant(String privileges, String where, String user) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("GRANT " + privileges + " ON " + where + " TO " + user);
        }
    }

    private static String table(String schema, String table) {
        return "`" + schema + "`.`" + table + "`";
    }

    /** In a grant on a whole schema an underscore stands for any character unless escaped. */
    private static String schema(String schema) {
        return "`" + schema.replace("_", "\\_") + "`.*";
    }
}
