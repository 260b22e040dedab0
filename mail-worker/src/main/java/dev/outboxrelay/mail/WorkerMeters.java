package dev.outboxrelay.mail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The counters of the main path. Gauges are registered by the parts that own what they show. */
public final class WorkerMeters {
    /** What can come of one delivery. */
    public enum Outcome {
        SENT,
        DUPLICATE,
        RETRIED,
        HELD,
        UNKNOWN,
        PARKED,
        GIVEN_BACK
    }

    private final Counter consumed;
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Timer latency;
    private final MeterRegistry registry;

    public WorkerMeters(MeterRegistry registry) {
        this.registry = registry;
        consumed = Counter.builder("mail.worker.consumed")
                .description("Deliveries handled, repeated ones included")
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("mail.worker.outcomes")
                            .description("What came of the deliveries")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        latency = Timer.builder("mail.worker.latency")
                .description("From the event's time in the outbox to the mail server's reply")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofMinutes(10))
                .register(registry);
    }

    void consumed() {
        consumed.increment();
    }

    void count(Outcome outcome) {
        outcomes.getOrDefault(outcome, consumed).increment();
    }

    /** Counts a message to be parked, by its reason, and gives the settlement that parks it. */
    Settlement parked(Parking parking) {
        count(Outcome.PARKED);
        Counter.builder("mail.worker.parked")
                .description("Messages parked, by reason")
                .tag("reason", parking.reason().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        return new Settlement.Park(parking);
    }

    void latency(Duration orderToMail) {
        latency.record(orderToMail);
    }
}
