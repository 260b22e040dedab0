package dev.outboxrelay.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Measured durations, all of them, in ascending order. */
record Latencies(List<Duration> sorted) {

    static Latencies of(List<Duration> durations) {
        return new Latencies(durations.stream().sorted().toList());
    }

    /** The smallest duration that at least that share of all does not exceed; empty if there are none. */
    Optional<Duration> quantile(double q) {
        if (sorted.isEmpty()) {
            return Optional.empty();
        }
        int rank = (int) Math.ceil(q * sorted.size());
        return Optional.of(sorted.get(Math.max(rank, 1) - 1));
    }
}
