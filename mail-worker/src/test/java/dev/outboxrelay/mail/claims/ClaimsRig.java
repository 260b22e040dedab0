package dev.outboxrelay.mail.claims;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.mail.Claim;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Schema;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import dev.outboxrelay.mail.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Claims on a real database, under a consumer name of its own for each test. */
final class ClaimsRig implements BeforeEachCallback, AfterEachCallback {
    static final Duration LEASE = Duration.ofMillis(500);
    static final Duration LONG = Duration.ofMinutes(2);
    static final int RESENDS = 3;
    private static final Duration ORDER_WAIT = Duration.ofSeconds(1);

    private final MySqlExtension mysql = new MySqlExtension();

    /** The newest first, which uses the others. */
    private final List<AutoCloseable> open = new ArrayList<>();

    private String consumer = "";

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        mysql.beforeEach(context);
        consumer = "claims-" + UUID.randomUUID();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    MySqlExtension mysql() {
        return mysql;
    }

    String consumer() {
        return consumer;
    }

    HikariDataSource pool() {
        HikariDataSource pool = Database.pool(new DatabaseSettings(
                mysql.server().jdbcUrl(Schema.of(mysql).mail()),
                Schema.of(mysql).mailWorker(),
                Schema.PASSWORD));
        open.add(0, pool);
        return pool;
    }

    ProcessedMessages worker(String name, int resends, Duration lease) {
        return worker(pool(), name, resends, lease);
    }

    ProcessedMessages worker(DataSource database, String name, int resends, Duration lease) {
        ClaimRules rules = new ClaimRules(consumer, lease, resends, ORDER_WAIT);
        GroupCommit commits = new GroupCommit(database, rules);
        open.add(0, commits);
        return new ProcessedMessages(commits, rules, name);
    }

    static void sent(ProcessedMessages claims, Claim.Granted claim, String reply) {
        claims.sent(claim, reply).toCompletableFuture().join();
    }

    static Incoming message(String order, long version) {
        return new Incoming(
                "outbox.events:Order.OrderPlaced:mail.orders.0",
                "mail.orders.0",
                UUID.randomUUID().toString(),
                "OrderPlaced",
                null,
                order,
                version,
                0,
                Map.of(),
                new byte[0]);
    }

    @Nullable String text(String column, Incoming message) throws SQLException {
        try (Connection connection = asRoot();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT " + column + " FROM processed_messages WHERE consumer = ? AND message_id = ?")) {
            Sql.set(select, List.of(consumer, String.valueOf(message.messageId())));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** A counter or a setting of the whole server. */
    long global(String statement) throws SQLException {
        try (Connection connection = asRoot();
                Statement show = connection.createStatement();
                ResultSet row = show.executeQuery(statement)) {
            row.next();
            return row.getLong(2);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = asRoot();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** In the schema of the workers. */
    Connection asRoot() throws SQLException {
        return DriverManager.getConnection(
                mysql.server().jdbcUrl(Schema.of(mysql).mail()),
                "root",
                mysql.server().rootPassword());
    }
}
