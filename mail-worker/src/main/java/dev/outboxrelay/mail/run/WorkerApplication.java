package dev.outboxrelay.mail.run;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.mail.Claims;
import dev.outboxrelay.mail.Handling;
import dev.outboxrelay.mail.Lanes;
import dev.outboxrelay.mail.LetterWriter;
import dev.outboxrelay.mail.MailHandler;
import dev.outboxrelay.mail.Membership;
import dev.outboxrelay.mail.WorkerMeters;
import dev.outboxrelay.mail.claims.Database;
import dev.outboxrelay.mail.claims.GroupCommit;
import dev.outboxrelay.mail.claims.ProcessedMessages;
import dev.outboxrelay.mail.claims.Sweeper;
import dev.outboxrelay.mail.claims.WorkersTable;
import dev.outboxrelay.mail.letter.ThymeleafLetters;
import dev.outboxrelay.mail.rabbit.Connections;
import dev.outboxrelay.mail.rabbit.RabbitConsumer;
import dev.outboxrelay.mail.rabbit.Worksite;
import dev.outboxrelay.mail.settings.WorkerSettings;
import dev.outboxrelay.mail.smtp.SmtpMailer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The parts, each made from its own settings; none of them knows Spring. */
@SpringBootApplication(proxyBeanMethods = false)
class WorkerApplication {
    private static final Duration IDLE_CONSUMER = Duration.ofSeconds(10);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    HikariDataSource dataSource(WorkerSettings settings) {
        return Database.pool(settings.database());
    }

    @Bean
    GroupCommit groupCommit(HikariDataSource dataSource, WorkerSettings settings) {
        return new GroupCommit(dataSource, settings.claims());
    }

    @Bean
    WorkerName workerName() {
        return WorkerName.random();
    }

    @Bean
    Claims claims(GroupCommit groupCommit, WorkerSettings settings, WorkerName name) {
        return new ProcessedMessages(groupCommit, settings.claims(), name.value());
    }

    @Bean
    Membership membership(HikariDataSource dataSource, WorkerSettings settings, WorkerName name) {
        return new WorkersTable(
                dataSource,
                settings.claims().consumer(),
                name.value(),
                settings.queues().beat().multipliedBy(3));
    }

    @Bean(initMethod = "start")
    Sweeper sweeper(HikariDataSource dataSource, WorkerSettings settings) {
        return new Sweeper(dataSource, settings.claims().consumer(), settings.retention());
    }

    @Bean
    SmtpMailer mailer(WorkerSettings settings, SslBundles bundles, MeterRegistry meters, Clock clock) {
        return new SmtpMailer(
                settings.smtp(),
                settings.letter(),
                settings.smtp()
                        .sslBundle()
                        .map(name -> bundles.getBundle(name).createSslContext().getSocketFactory())
                        .orElse(null),
                meters,
                clock);
    }

    @Bean
    LetterWriter letterWriter() {
        return new ThymeleafLetters();
    }

    @Bean
    MailHandler mailHandler(
            WorkerSettings settings,
            Claims claims,
            LetterWriter writer,
            SmtpMailer mailer,
            MeterRegistry meters,
            Clock clock) {
        return new MailHandler(settings.handling(), claims, writer, mailer, new WorkerMeters(meters), clock);
    }

    @Bean
    @Primary
    Handling tracedHandling(MailHandler handler, ObservationRegistry observations) {
        return new TracedHandling(handler, observations);
    }

    @Bean
    Lanes lanes(WorkerSettings settings, MeterRegistry meters) {
        Lanes lanes = new Lanes(settings.minConsumers(), settings.maxConsumers(), IDLE_CONSUMER);
        Gauge.builder("mail.worker.consumers", lanes, Lanes::consumers).register(meters);
        Gauge.builder("mail.worker.in.hand", lanes, Lanes::inHand).register(meters);
        return lanes;
    }

    @Bean
    Worksite worksite(
            WorkerSettings settings,
            Connections connections,
            Handling handler,
            Lanes lanes,
            Membership members,
            Clock clock) {
        return new Worksite(connections, settings.queues(), handler, lanes, members, clock);
    }

    @Bean
    RabbitConsumer consumer(Worksite worksite, Obstacle obstacle) {
        return new RabbitConsumer(worksite, obstacle);
    }

    @Bean
    Connections connections(WorkerSettings settings, SslBundles bundles) {
        return new Connections(
                settings.broker(),
                settings.broker()
                        .sslBundle()
                        .map(name -> bundles.getBundle(name).createSslContext())
                        .orElse(null));
    }

    @Bean
    Obstacle obstacle(HikariDataSource dataSource, SmtpMailer mailer) {
        return () -> {
            Optional<String> database = Database.obstacle(dataSource);
            return database.isPresent() ? database : mailer.obstacle();
        };
    }

    @Bean
    WorkerLifecycle lifecycle(RabbitConsumer consumer) {
        return new WorkerLifecycle(consumer);
    }

    @Bean
    WorkerHealthIndicator workerHealthIndicator(RabbitConsumer consumer, MeterRegistry meters) {
        return new WorkerHealthIndicator(consumer, meters);
    }
}
