package dev.outboxrelay.relay;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.relay.binlog.BinlogOpener;
import dev.outboxrelay.relay.offsets.LeaseStore;
import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.QuarantineStore;
import dev.outboxrelay.relay.offsets.StateStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.rabbit.RabbitOpener;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts a relay together from its settings. */
final class Assembly {

    /** How often a position arrives from the binlog where no row does. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private Assembly() {}

    static Supervisor supervisor(Settings settings, DataSource database, RelayMetrics metrics) {
        RelayConfig config = settings.relay();
        JdbcClient jdbc = JdbcClient.create(database);
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        Outbox outbox = new Outbox(database, config);
        OffsetStore offsets = new OffsetStore(jdbc, transactions, config.schema(), config.name());
        QuarantineStore quarantine = new QuarantineStore(jdbc, transactions, config.schema(), config.name());
        BinlogMonitor monitor = new BinlogMonitor(outbox.server(), offsets, quarantine, Clock.systemUTC());
        metrics.watch(monitor);
        Relay relay = new Relay(
                config,
                outbox,
                new BinlogOpener(settings.mysql(), jdbc, config.tables(), config.rowMapper(), HEARTBEAT),
                new RabbitOpener(settings.broker(), settings.brokerTls(), config),
                new Relay.Bookkeeping(
                        offsets,
                        new Quarantine(quarantine, config.quarantine().maxEvents()),
                        new UnconfirmedStore(jdbc, transactions, config.schema(), config.name()),
                        monitor),
                metrics);
        LeaseStore leases = new LeaseStore(
                jdbc, config.schema(), config.name(), owner(), config.lease().ttl());
        Supervisor supervisor = new Supervisor(relay, leases, new StateStore(jdbc, config.schema(), config.name()));
        metrics.watch(supervisor);
        return supervisor;
    }

    /** The relay's own connections; the binlog's is Debezium's. MySQL need not be there yet. */
    static HikariDataSource database(MySqlSettings mysql) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(mysql.url());
        pool.setUsername(mysql.username());
        pool.setPassword(mysql.password());
        pool.setPoolName("relay");
        pool.setMaximumPoolSize(6); // run, quarantine, janitor, verifier, monitor, state: nobody waits for another
        pool.setMinimumIdle(1);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(mysql.connectTimeout());
        pool.setValidationTimeout(2_000);
        mysql.driverProperties().forEach(pool::addDataSourceProperty);
        return new HikariDataSource(pool);
    }

    /** Names this process among all that run this relay. */
    private static String owner() {
        String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
        return "%d@%s/%s".formatted(ProcessHandle.current().pid(), host, UUID.randomUUID());
    }
}
