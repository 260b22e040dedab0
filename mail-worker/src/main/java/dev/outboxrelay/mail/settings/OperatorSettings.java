package dev.outboxrelay.mail.settings;

import org.springframework.core.env.ConfigurableEnvironment;

/** What the commands need of the worker's settings: the broker and the database, but no mail server. */
public record OperatorSettings(
        BrokerSettings broker, QueueSettings queues, DatabaseSettings database, String consumer) {
    /**
     * Reads and checks these only; but of all other settings of the worker, that they exist.
     *
     * @throws InvalidSettingsException listing all problems
     */
    public static OperatorSettings read(ConfigurableEnvironment environment) {
        SettingsReader reader = new SettingsReader(environment);
        OperatorSettings settings = new OperatorSettings(
                BrokerSettings.read(reader),
                QueueSettings.read(reader, WorkerSettings.delays(reader)),
                DatabaseSettings.read(reader),
                WorkerSettings.name(reader));
        SettingsReader whole = new SettingsReader(environment);
        WorkerSettings.assemble(whole);
        reader.checkAmong(whole);
        return settings;
    }
}
