package dev.outboxrelay.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The relay's meters, all named {@code outbox.relay.*}. A gauge whose value is not known is absent, never 0. */
final class RelayMetrics {

    private final MeterRegistry registry;
    private final Counter published;
    private final Counter confirmed;
    private final Counter returned;
    private final Counter nacked;
    private final Counter republished;
    private final Counter positionsLost;
    private final Counter runs;
    private final Counter deleted;
    private final Counter redriven;
    private final Timer commitToConfirm;
    private volatile @Nullable ConfirmedPrefix prefix;
    private volatile @Nullable OffsetKeeper offsets;
    private volatile double unconfirmed = Double.NaN;
    private volatile double missing = Double.NaN;
    private volatile double unverifiedSeconds = Double.NaN;

    RelayMetrics(MeterRegistry registry, RelayConfig config) {
        this.registry = registry;
        published = counter("outbox.relay.events.published", "Messages handed to the broker");
        confirmed =
                counter("outbox.relay.events.confirmed", "Messages confirmed by the broker, in the contiguous prefix");
        returned = counter("outbox.relay.events.returned", "Messages that no queue was bound for");
        nacked = counter("outbox.relay.events.nacked", "Messages that the broker refused");
        republished = counter(
                "outbox.relay.events.republished",
                "Messages made of rows that stood in the table, at the first start or after a lost position");
        positionsLost =
                counter("outbox.relay.positions.lost", "Times that the stored position was not usable any more");
        runs = counter("outbox.relay.runs", "Times that the relay began to connect");
        deleted = counter("outbox.relay.janitor.deleted", "Outbox rows deleted after their retention");
        redriven = counter(
                "outbox.relay.events.redriven", "Messages published again since their consumer had not confirmed them");
        commitToConfirm = Timer.builder("outbox.relay.commit.to.confirm")
                .description("From the commit in the database to the broker's confirm")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(500_000))
                .maximumExpectedValue(Duration.ofMinutes(5))
                .register(registry);
        gauge(
                "outbox.relay.in.flight",
                "Messages published and not yet confirmed",
                metrics -> prefix == null ? Double.NaN : prefix.messagesInFlight());
        gauge(
                "outbox.relay.in.flight.bytes",
                "Bytes published and not yet confirmed",
                metrics -> prefix == null ? Double.NaN : prefix.bytesInFlight());
        gauge("outbox.relay.window.messages", "Limit of messages in flight", metrics -> config.window()
                .messages());
        gauge(
                "outbox.relay.unconfirmed.events",
                "Events that their consumer has not confirmed in time",
                metrics -> metrics.unconfirmed);
        gauge(
                "outbox.relay.missing.events",
                "Events that it has not confirmed after they were published again as often as configured",
                metrics -> metrics.missing);
        gauge(
                "outbox.relay.unverified.seconds",
                "Age of the first event that is late and may still be on its way, as all behind it; 0 where there is none",
                metrics -> metrics.unverifiedSeconds);
        gauge(
                "outbox.relay.offset.age.seconds",
                "Time since the offset was last stored",
                metrics -> offsets == null ? Double.NaN : offsets.age().toMillis() / 1000.0);
    }

    /** One gauge per state, of which exactly one is 1. */
    void watch(Supervisor supervisor) {
        for (RelayState state : RelayState.values()) {
            Gauge.builder("outbox.relay.state", supervisor, s -> s.status().state() == state ? 1 : 0)
                    .description("1 for the state that the relay is in")
                    .tag("state", state.name())
                    .register(registry);
        }
        Gauge.builder(
                        "outbox.relay.epoch",
                        supervisor,
                        s -> s.status().epoch() == 0 ? Double.NaN : s.status().epoch())
                .description("Epoch of the lease that this relay holds, or held last")
                .register(registry);
    }

    /** Lag, purge countdown and quarantine, as last sampled. */
    void watch(BinlogMonitor monitor) {
        Gauge.builder("outbox.relay.quarantine.events", monitor, RelayMetrics::quarantined)
                .description("Events in quarantine")
                .register(registry);
        monitored(
                monitor,
                "outbox.relay.lag.transactions",
                "Transactions committed and not confirmed",
                sample -> sample.transactions() == null ? Double.NaN : sample.transactions());
        monitored(
                monitor,
                "outbox.relay.lag.bytes",
                "Binlog written behind the confirmed position",
                sample -> sample.bytes() == null ? Double.NaN : sample.bytes());
        monitored(
                monitor,
                "outbox.relay.lag.seconds",
                "Age of the confirmed position, 0 where nothing is behind it",
                sample -> seconds(sample.lag()));
        monitored(
                monitor,
                "outbox.relay.purge.countdown.seconds",
                "Time until the server may delete the binlog still needed",
                sample -> seconds(sample.untilPurge()));
    }

    private void monitored(BinlogMonitor monitor, String name, String description, ToDoubleFunction<Distance> value) {
        Gauge.builder(name, monitor, m -> m.latest() == null ? Double.NaN : value.applyAsDouble(m.latest()))
                .description(description)
                .register(registry);
    }

    private static double quarantined(BinlogMonitor monitor) {
        Long events = monitor.quarantined();
        return events == null ? Double.NaN : events;
    }

    private static double seconds(@Nullable Duration duration) {
        return duration == null ? Double.NaN : duration.toMillis() / 1000.0;
    }

    /** Shows this run's figures from now on. */
    void watch(ConfirmedPrefix ofRun, OffsetKeeper offsetsOfRun) {
        prefix = ofRun;
        offsets = offsetsOfRun;
        runs.increment();
    }

    void published() {
        published.increment();
    }

    void confirmed(SourceEvent.Row row) {
        confirmed.increment();
        if (row.committedAtMicros() != SourceEvent.UNKNOWN_TIME) {
            long micros = System.currentTimeMillis() * 1000 - row.committedAtMicros();
            commitToConfirm.record(Math.max(0, micros), TimeUnit.MICROSECONDS);
        }
    }

    void returned() {
        returned.increment();
    }

    void nacked() {
        nacked.increment();
    }

    /** So many rows of the table have been published and confirmed, whether or not they had been before. */
    void republished(long rows) {
        republished.increment((double) rows);
    }

    /** How many events are unconfirmed now, and how many of them were driven again as often as they may be. */
    void unconfirmed(long events, long missingOfThem) {
        unconfirmed = events;
        missing = missingOfThem;
    }

    /** How old the first event is of which it is not known whether it is at its consumer or lost. */
    void unverified(Duration age) {
        unverifiedSeconds = age.toMillis() / 1000.0;
    }

    /** This relay does not verify at present: what it knew may not hold any more. */
    void verifiesNoMore() {
        unconfirmed = Double.NaN;
        missing = Double.NaN;
        unverifiedSeconds = Double.NaN;
    }

    void redriven(int events) {
        redriven.increment(events);
    }

    void deleted(int rows) {
        deleted.increment(rows);
    }

    void positionLost() {
        positionsLost.increment();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<RelayMetrics> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }
}
