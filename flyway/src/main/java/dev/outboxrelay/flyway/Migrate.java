package dev.outboxrelay.flyway;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a MySQL server to the state that the applications of this version expect. */
public final class Migrate {
    /** Held here, since the log manager forgets a level together with its logger. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private static final int LOCK_WAIT_SECONDS = 300;
    private static final int LOCK_NOT_GRANTED = 0;

    private Migrate() {}

    /**
     * Makes what is missing and changes what differs: schemas, tables, users with these passwords, grants. Afterwards
     * every application of this version can log in and work. Running it again changes nothing else; two runs at the same
     * time wait for each other. Applications may go on working meanwhile.
     *
     * @param jdbcUrl {@code jdbc:mysql://host:port/}
     * @param adminUser may create schemas and users and hand on what it grants
     * @throws MigrationFailedException with one sentence for the operator
     */
    public static void run(String jdbcUrl, String adminUser, String adminPassword, Names names, Passwords passwords) {
        try (Connection connection = connect(jdbcUrl, adminUser, adminPassword)) {
            lock(connection, names);
            for (Schema schema : Schema.of(names)) {
                create(connection, schema);
                migrate(schema, jdbcUrl, adminUser, adminPassword);
            }
            Users.grant(connection, names, passwords);
        } catch (SQLException e) {
            throw new MigrationFailedException("The server refused a step: " + e.getMessage(), e);
        }
    }

    /** Reads the environment, migrates, and exits with 0, with 1 where it failed, or with 2 where it was set up wrongly. */
    public static void main(String[] args) {
        FLYWAY.setLevel(Level.WARNING);
        System.exit(MigrateCommand.run(args, System.getenv(), System.out, System.err));
    }

    private static Connection connect(String jdbcUrl, String user, String password) {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        try {
            return DriverManager.getConnection(jdbcUrl, login);
        } catch (SQLException e) {
            throw new MigrationFailedException(
                    switch (String.valueOf(e.getSQLState())) {
                        case "28000" -> "MySQL at " + jdbcUrl + " refused the password of " + user + ".";
                        case "08S01", "08001" -> "MySQL at " + jdbcUrl + " cannot be reached.";
                        default -> "No connection to " + jdbcUrl + ": " + e.getMessage();
                    },
                    e);
        }
    }

    /** Kept until the connection closes, so a run that dies leaves nothing behind. */
    private static void lock(Connection connection, Names names) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            lock.setString(1, "outbox-relay migration " + names.prefix());
            lock.setInt(2, LOCK_WAIT_SECONDS);
            try (ResultSet granted = lock.executeQuery()) {
                if (!granted.next() || granted.getInt(1) == LOCK_NOT_GRANTED) {
                    throw new MigrationFailedException(
                            "Another migration has been running for " + LOCK_WAIT_SECONDS + " s.");
                }
            }
        }
    }

    private static void create(Connection connection, Schema schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS `" + schema.name()
                    + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci");
        }
    }

    private static void migrate(Schema schema, String jdbcUrl, String user, String password) {
        try {
            Flyway.configure(Migrate.class.getClassLoader())
                    .dataSource(jdbcUrl, user, password)
                    .schemas(schema.name())
                    .locations(schema.location())
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new MigrationFailedException("Schema " + schema.name() + ": " + e.getMessage(), e);
        }
    }
}
