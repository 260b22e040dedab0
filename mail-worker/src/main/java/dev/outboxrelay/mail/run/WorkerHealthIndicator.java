package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.rabbit.ConsumerState;
import dev.outboxrelay.mail.rabbit.RabbitConsumer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Ready while messages are taken; otherwise says why not. */
final class WorkerHealthIndicator implements HealthIndicator {
    private final RabbitConsumer consumer;

    WorkerHealthIndicator(RabbitConsumer consumer, MeterRegistry meters) {
        this.consumer = consumer;
        Gauge.builder("mail.worker.partitions", consumer, RabbitConsumer::activePartitions)
                .description("Partitions on which this worker is the active one")
                .register(meters);
        FunctionCounter.builder("mail.worker.runs", consumer, RabbitConsumer::runs)
                .description("How often consuming has begun; grows with every pause and every reconnect")
                .register(meters);
        for (ConsumerState state : ConsumerState.values()) {
            Gauge.builder("mail.worker.state", consumer, one -> one.status().state() == state ? 1 : 0)
                    .description("1 for the state that the consumer is in")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
    }

    @Override
    public Health health() {
        RabbitConsumer.Status now = consumer.status();
        Status status = now.state() == ConsumerState.CONSUMING ? Status.UP : Status.OUT_OF_SERVICE;
        return Health.status(status)
                .withDetail("state", now.state())
                .withDetail("reason", now.reason())
                .withDetail("since", now.since())
                .build();
    }
}
