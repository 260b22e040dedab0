package dev.outboxrelay.mail.settings;

import dev.outboxrelay.mail.MailHandler;
import dev.outboxrelay.mail.RetryPlan;
import dev.outboxrelay.mail.UnknownPolicy;
import dev.outboxrelay.mail.claims.ProcessedMessages.ClaimRules;
import java.time.Duration;
import java.util.List;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.unit.DataSize;

/**
 * Everything that can be set, valid as a whole.
 *
 * @param minConsumers how many messages are handled at once when there is little to do
 * @param maxConsumers and at most
 * @param retention how long a settled message is remembered; longer than any replay
 */
public record WorkerSettings(
        BrokerSettings broker,
        QueueSettings queues,
        DatabaseSettings database,
        SmtpSettings smtp,
        LetterSettings letter,
        MailHandler.Rules handling,
        ClaimRules claims,
        int minConsumers,
        int maxConsumers,
        Duration retention) {
    private static final Duration LONGEST_IN_HAND = Duration.ofMinutes(20);

    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1));

    /**
     * Reads and checks everything.
     *
     * @throws InvalidSettingsException listing all problems
     */
    public static WorkerSettings read(ConfigurableEnvironment environment) {
        return read(new SettingsReader(environment));
    }

    static WorkerSettings read(SettingsReader reader) {
        WorkerSettings settings = assemble(reader);
        reader.check();
        return settings;
    }

    /** Reads everything; what is wrong with it is left to {@link SettingsReader#check}. */
    static WorkerSettings assemble(SettingsReader reader) {
        RetryPlan retries = new RetryPlan(
                delays(reader),
                reader.duration("mail-worker.retry.max-age", Duration.ofHours(24), Duration.ofMillis(1)));
        UnknownPolicy unknown = reader.choice("mail-worker.unknown", UnknownPolicy.RESEND);
        int most = reader.number("mail-worker.unknown-resends", 3, 1, 1000);
        int resends = unknown == UnknownPolicy.RESEND ? most : 0;
        int min = reader.number("mail-worker.consumers.min", 5, 1, 200);
        int max = reader.number("mail-worker.consumers.max", 20, 1, 200);
        WorkerSettings settings = new WorkerSettings(
                BrokerSettings.read(reader),
                QueueSettings.read(reader, retries.delays()),
                DatabaseSettings.read(reader),
                SmtpSettings.read(reader),
                LetterSettings.read(reader),
                new MailHandler.Rules(
                        reader.size("mail-worker.max-body", DataSize.ofMegabytes(1))
                                .toBytes(),
                        retries,
                        resends,
                        reader.duration("mail-worker.throttle-delay", Duration.ofSeconds(10), Duration.ofMillis(1))),
                new ClaimRules(
                        name(reader),
                        reader.duration("mail-worker.lease", Duration.ofSeconds(60), Duration.ofMillis(500)),
                        resends,
                        reader.duration("mail-worker.order-wait", Duration.ofHours(1), Duration.ZERO)),
                min,
                Math.max(min, max),
                reader.duration("mail-worker.retention", Duration.ofDays(30), Duration.ofHours(1)));
        if (max < min) {
            reader.problem("mail-worker.consumers.max", "is below mail-worker.consumers.min");
        }
        if (settings.claims.lease().compareTo(settings.smtp.deadline()) <= 0) {
            reader.problem("mail-worker.lease", "must be longer than mail-worker.smtp.deadline");
        }
        if (settings.longestInHand().compareTo(LONGEST_IN_HAND) > 0) {
            reader.problem(
                    "mail-worker.smtp.rate",
                    "lets messages wait in hand for " + Durations.text(settings.longestInHand())
                            + "; brokers take them away after 30 minutes: lower mail-worker.prefetch");
        }
        return settings;
    }

    /** How long what is in hand can take at the configured rate. */
    private Duration longestInHand() {
        long inHand = (long) queues.partitions() * queues.prefetch();
        return smtp.rate() == 0 ? Duration.ZERO : Duration.ofSeconds(inHand / smtp.rate());
    }

    static List<Duration> delays(SettingsReader reader) {
        return reader.durations("mail-worker.retry.delays", DELAYS, Duration.ofMillis(1));
    }

    static String name(SettingsReader reader) {
        String name = reader.text("mail-worker.name", "mail-worker");
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            reader.problem("mail-worker.name", "must be 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        return name;
    }
}
