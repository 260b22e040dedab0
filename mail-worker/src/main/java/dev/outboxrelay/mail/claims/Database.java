package dev.outboxrelay.mail.claims;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.mail.settings.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/** The connections to the worker's schema. */
public final class Database {
    private Database() {}

    /**
     * A pool that can be made while the database is away. Times are compared in UTC, the isolation is READ COMMITTED, and
     * no wait is without end, whatever the URL says or leaves out.
     */
    public static HikariDataSource pool(DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("mail");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(
                4); // the group committer's, and those of the sweeper, the health check and the presence
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3000);
        config.setValidationTimeout(2000);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false); // so that the group committer need not switch it off and on
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setConnectionInitSql("SET time_zone = '+00:00'");
        config.setExceptionOverride(new ReadOnlyServer());
        bounded(config, "connectTimeout", "3000");
        bounded(config, "socketTimeout", "20000");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // A statement has one text for each size of a group: taken apart once, not every time.
        config.addDataSourceProperty("cachePrepStmts", "true");
        config.addDataSourceProperty("prepStmtCacheSize", "256");
        config.addDataSourceProperty("prepStmtCacheSqlLimit", "65536");
        config.addDataSourceProperty("cacheServerConfiguration", "true");
        config.addDataSourceProperty("useLocalSessionState", "true");
        config.addDataSourceProperty("maintainTimeStats", "false");
        return new HikariDataSource(config);
    }

    private static void bounded(HikariConfig config, String name, String millis) {
        if (!config.getJdbcUrl().contains(name + "=")) {
            config.addDataSourceProperty(name, millis);
        }
    }

    /** Why messages cannot be claimed at present, if so. */
    public static Optional<String> obstacle(HikariDataSource pool) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT aggregate_id FROM processed_messages LIMIT 1")) {
            statement.executeQuery().close();
            return Optional.empty();
        } catch (SQLException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of("the database cannot be used: " + cause.getMessage());
        }
    }
}
