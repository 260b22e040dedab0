package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.RelayConfig;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.Settings;
import dev.outboxrelay.relay.binlog.BinlogReader;
import dev.outboxrelay.relay.binlog.OutboxRows;
import dev.outboxrelay.relay.offsets.LeaseStore;
import dev.outboxrelay.relay.offsets.OffsetHistory;
import dev.outboxrelay.relay.offsets.OffsetMoves;
import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.StateStore;
import dev.outboxrelay.relay.offsets.StoredOffset;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.rabbit.RabbitOpener;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** The relay's configuration as the relay itself would find it, and its database, over one connection, for one command. */
final class Operator implements AutoCloseable {

    private final Settings settings;
    private final SingleConnectionDataSource database;
    private final JdbcClient jdbc;

    private Operator(Settings settings) {
        this.settings = settings;
        database = new CommandConnection(settings.mysql());
        Properties properties = new Properties();
        properties.putAll(settings.mysql().driverProperties());
        database.setConnectionProperties(properties);
        database.setUsername(settings.mysql().username());
        if (settings.mysql().password() != null) {
            database.setPassword(settings.mysql().password());
        }
        jdbc = JdbcClient.create(database);
    }

    /**
     * Reads the configuration; connects when first asked for something.
     *
     * @param properties of the command line, which come before environment and files
     * @throws Settings.InvalidException with every problem at once
     */
    static Operator open(Map<String, Object> properties) {
        return new Operator(Settings.of(environment(properties)));
    }

    private static ConfigurableEnvironment environment(Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("arguments", properties));
        try {
            ConfigDataEnvironmentPostProcessor.applyTo(environment);
        } catch (RuntimeException e) { // of Boot, of a parser: all that goes wrong here is a file's fault
            throw new CommandException(ExitCode.USAGE, "the configuration files can't be read: " + RootCause.of(e));
        }
        return environment;
    }

    Settings settings() {
        return settings;
    }

    RelayConfig config() {
        return settings.relay();
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    SingleConnectionDataSource database() {
        return database;
    }

    TransactionOperations transactions() {
        return new TransactionTemplate(new JdbcTransactionManager(database));
    }

    Server server() {
        return new Server(jdbc);
    }

    OffsetStore offsets() {
        return new OffsetStore(jdbc, transactions(), config().schema(), config().name());
    }

    LeaseStore leases() {
        return new LeaseStore(
                jdbc,
                config().schema(),
                config().name(),
                "operator",
                config().lease().ttl());
    }

    StateStore states() {
        return new StateStore(jdbc, config().schema(), config().name());
    }

    /**
     * The stored offset.
     *
     * @throws CommandException where there is none
     */
    StoredOffset storedOffset() {
        return offsets().read().orElseThrow(() -> new CommandException(ExitCode.UNHEALTHY, nothingStored()));
    }

    /** What it means that there is no offset. */
    String nothingStored() {
        return "no offset is stored for relay '%s': no run of it has got so far, or its row in %s.relay_offset was deleted. The next one that does publishes what the table holds"
                .formatted(config().name(), config().schema());
    }

    OffsetHistory history() {
        return new OffsetHistory(jdbc, config().schema(), config().name());
    }

    OffsetMoves moves() {
        return new OffsetMoves(jdbc, transactions(), config().schema(), config().name());
    }

    /**
     * The outbox tables.
     *
     * @throws OutboxTable.UnfitException where they are not as they must be
     */
    List<OutboxTable> tables() {
        return OutboxTable.find(jdbc, config().tables(), config().expectedColumns());
    }

    /** A reader of the server's binlog, beside the relay's own. */
    BinlogReader binlog() {
        return new BinlogReader(settings.mysql(), new OutboxRows(jdbc, config().tables(), config().rowMapper()));
    }

    /**
     * A place in this server's binlog.
     *
     * @throws CommandException where there is none
     */
    StoredOn target(TargetOptions options) throws IOException {
        return new StoredOn(new Locator(this).find(options.target(now())), server().uuid());
    }

    UnconfirmedStore unconfirmed() {
        return new UnconfirmedStore(jdbc, transactions(), config().schema(), config().name());
    }

    QuarantineRows quarantine() {
        return new QuarantineRows(jdbc, transactions(), config().schema(), config().name());
    }

    /**
     * The quarantine, for somebody who takes events out of it.
     *
     * @throws CommandException where somebody else does at this moment
     */
    QuarantineRows quarantineToChange() {
        QuarantineRows rows = quarantine();
        if (!rows.lock()) {
            throw new CommandException(
                    ExitCode.FAILED, "somebody else is taking events out of this quarantine; nothing was done");
        }
        return rows;
    }

    /** Connections to the broker like the relay's. */
    Publisher.Opener broker() {
        return new RabbitOpener(settings.broker(), settings.brokerTls(), config());
    }

    /** The database's clock: the one that positions and leases are dated by. */
    Instant now() {
        return jdbc.sql("SELECT NOW(6)").query(LocalDateTime.class).single().toInstant(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        database.destroy();
    }
}
