package dev.outboxrelay.demo;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Cumulative counts by upper bound in seconds, as Prometheus exposes them. */
record Histogram(NavigableMap<Double, Double> cumulative) {

    static final Histogram EMPTY = new Histogram(new TreeMap<>());

    /** The counts of both; the two must have the same bounds, or one of them none. */
    Histogram plus(Histogram other) {
        NavigableMap<Double, Double> sum = new TreeMap<>(cumulative);
        other.cumulative.forEach((bound, count) -> sum.merge(bound, count, Double::sum));
        return new Histogram(sum);
    }

    /** How many values were counted. */
    long count() {
        return cumulative.isEmpty() ? 0 : cumulative.lastEntry().getValue().longValue();
    }

    /**
     * The quantile, interpolated within its bucket as PromQL's {@code histogram_quantile} does; empty if nothing was
     * counted. A value beyond the last finite bound counts as that bound.
     */
    Optional<Duration> quantile(double q) {
        double rank = q * count();
        double below = 0;
        double lowerBound = 0;
        for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
            if (count() > 0 && bucket.getValue() >= rank) {
                double bound = bucket.getKey().isInfinite() ? lowerBound : bucket.getKey();
                double inBucket = bucket.getValue() - below;
                double share = inBucket == 0 ? 1 : (rank - below) / inBucket;
                return Optional.of(seconds(lowerBound + (bound - lowerBound) * share));
            }
            below = bucket.getValue();
            lowerBound = bucket.getKey();
        }
        return Optional.empty();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
