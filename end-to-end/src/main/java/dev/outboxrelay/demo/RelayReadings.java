package dev.outboxrelay.demo;

/** The relay's counts over several lives: a killed process takes its own with it, but for what was read before. */
final class RelayReadings {

    private static final String CONFIRMED = "outbox_relay_events_confirmed_total";
    private static final String LATENCY = "outbox_relay_commit_to_confirm_seconds";

    private final App relay;
    private double confirmedBefore;
    private double confirmed;
    private Histogram latencyBefore = Histogram.EMPTY;
    private Histogram latency = Histogram.EMPTY;

    RelayReadings(App relay) {
        this.relay = relay;
    }

    /** Reads the metrics; keeps the last reading if the relay does not answer. */
    void read() {
        relay.metrics().ifPresent(metrics -> {
            confirmed = metrics.sum(CONFIRMED);
            latency = metrics.histogram(LATENCY);
        });
    }

    /** The relay is about to die, or has died: its counts start again at zero. */
    void close() {
        confirmedBefore += confirmed;
        latencyBefore = latencyBefore.plus(latency);
        confirmed = 0;
        latency = Histogram.EMPTY;
    }

    long confirmed() {
        return Math.round(confirmedBefore + confirmed);
    }

    Histogram commitToConfirm() {
        return latencyBefore.plus(latency);
    }
}
