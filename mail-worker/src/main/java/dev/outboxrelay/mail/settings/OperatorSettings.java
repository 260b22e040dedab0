package dev.outboxrelay.mail.settings;

import org.springframework.core.env.ConfigurableEnvironment;

/** What the commands need of the worker's settings: the broker and the database, but no mail server. */
public record OperatorSettings(
        BrokerSettings broker, QueueSettings queues, DatabaseSettings database, String consumer) {
    /**
     * Reads and checks these only.
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
        reader.checkProblems();
        return settings;
    }
}
