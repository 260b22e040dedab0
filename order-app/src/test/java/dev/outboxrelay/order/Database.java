package dev.outboxrelay.order;

import dev.outboxrelay.flyway.Migrate;
import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.flyway.Passwords;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.junit.MySqlExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A migrated set of schemas and users of a test's own. */
final class Database {
    static final String PASSWORD = "p4ss";

    private final MySqlServer server;
    private final Names names;
    private final SingleConnectionDataSource root;

    private Database(MySqlServer server, Names names) {
        this.server = server;
        this.names = names;
        this.root = new SingleConnectionDataSource(server.jdbcUrl(names.orders()), "root", server.rootPassword(), true);
    }

    static Database fresh(MySqlExtension mysql) {
        Database database = new Database(mysql.server(), new Names(mysql.freshPrefix()));
        Migrate.run(
                mysql.server().jdbcUrl(""),
                "root",
                mysql.server().rootPassword(),
                database.names,
                new Passwords(PASSWORD, PASSWORD, PASSWORD, PASSWORD));
        return database;
    }

    /** As root, in the schema {@code orders}, on one connection that is made again where the server was. */
    JdbcTemplate root() {
        try {
            if (!root.getConnection().isValid(1)) {
                root.resetConnection();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("No connection to MySQL", e);
        }
        return new JdbcTemplate(root);
    }

    MySqlServer server() {
        return server;
    }

    Connection connectAsRoot() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(names.orders()), "root", server.rootPassword());
    }

    /** What the app needs to find it. */
    List<String> settings() {
        return settings(server.port());
    }

    /** The same by way of that proxy. */
    List<String> settings(FaultProxy proxy) {
        return settings(proxy.port());
    }

    private List<String> settings(int port) {
        return List.of(
                "--spring.datasource.url=jdbc:mysql://" + server.host() + ":" + port + "/" + names.orders(),
                "--spring.datasource.username=" + names.orderApp(),
                "--spring.datasource.password=" + PASSWORD);
    }

    /** The connections that a trigger keeps busy with SLEEP. */
    List<Long> sleeping() {
        return connections("User sleep");
    }

    /** The connections that wait until somebody unlocks a table. */
    List<Long> waitingForATable() {
        return connections("Waiting for table metadata lock");
    }

    private List<Long> connections(String state) {
        return root().queryForList(
                        "SELECT id FROM information_schema.processlist WHERE state = ? AND db = SCHEMA()",
                        Long.class,
                        state);
    }

    /** The connections of the app. */
    List<Long> connectionsOfTheApp() {
        return root().queryForList(
                        "SELECT id FROM information_schema.processlist WHERE user = ? AND db = SCHEMA()",
                        Long.class,
                        names.orderApp());
    }

    /** Has the server say so to each event, until they are taken again. */
    void refuseEvents(int code) {
        root().execute("CREATE TRIGGER refuse BEFORE INSERT ON outbox FOR EACH ROW"
                + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = " + code
                + ", MESSAGE_TEXT = 'the secret inner workings'");
    }

    void takeEvents() {
        root().execute("DROP TRIGGER IF EXISTS refuse");
    }

    /** Every event of an order, as it stands in the outbox. */
    List<Map<String, Object>> events() {
        return root().queryForList("SELECT * FROM outbox WHERE aggregatetype = 'Order'");
    }

    /** How many orders, lines and events there are. */
    Rows rows() {
        return new Rows(count("orders"), count("order_lines"), count("outbox"));
    }

    private long count(String table) {
        Long count = root().queryForObject("SELECT COUNT(*) FROM " + table, Long.class);
        return count == null ? 0 : count;
    }

    record Rows(long orders, long lines, long events) {
        /** With so many orders of one line more. */
        Rows and(int more) {
            return new Rows(orders + more, lines + more, events + more);
        }
    }
}
