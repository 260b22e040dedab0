package dev.outboxrelay.mail.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.mail.claims.Database;
import dev.outboxrelay.mail.claims.Ledger;
import dev.outboxrelay.mail.rabbit.Connections;
import dev.outboxrelay.mail.rabbit.ParkedQueue;
import dev.outboxrelay.mail.settings.CommandEnvironment;
import dev.outboxrelay.mail.settings.OperatorSettings;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;

/** The broker and the database, opened for one command. */
final class Operator implements AutoCloseable {
    private final OperatorSettings settings;
    private final HikariDataSource database;
    private final Ledger ledger;
    private final ParkedQueue parked;

    private Operator(OperatorSettings settings, HikariDataSource database, ParkedQueue parked) {
        this.settings = settings;
        this.database = database;
        this.parked = parked;
        this.ledger = new Ledger(database, settings.consumer());
    }

    static Operator open(Map<String, String> arguments) throws IOException {
        // Results only: what a library has to say comes as the message of an exception.
        LoggingSystem.get(Operator.class.getClassLoader()).beforeInitialize();
        ConfigurableEnvironment environment = CommandEnvironment.load(arguments);
        OperatorSettings settings = OperatorSettings.read(environment);
        Connections connections = new Connections(
                settings.broker(),
                settings.broker()
                        .sslBundle()
                        .map(name -> CommandEnvironment.tls(environment, name))
                        .orElse(null));
        ParkedQueue parked = ParkedQueue.open(connections, settings.queues());
        return new Operator(settings, Database.pool(settings.database()), parked);
    }

    Ledger ledger() {
        return ledger;
    }

    ParkedQueue parked() {
        return parked;
    }

    OperatorSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        parked.close();
        database.close();
    }
}
