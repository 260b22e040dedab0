package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.ProcessUsage;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.bench.report.Metric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** How long committed rows take to a consumer, at one rate after the other, with one process of a candidate. */
final class Latency {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(20);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int WARM_UP_PER_SECOND = 400;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double P99 = 99;
    private static final double P50 = 50;

    private final Bed bed;
    private final Broker broker;
    private final AtomicLong numbers;

    Latency(Bed bed, Broker broker, AtomicLong numbers) {
        this.bed = bed;
        this.broker = broker;
        this.numbers = numbers;
    }

    /** For how long commits go on, once to warm up and then at each rate. */
    record Phases(Duration warmUp, Duration measured) {}

    /**
     * Starts the candidate, waits until a marker has come, behind everything from before, and measures.
     *
     * @return figures by rate
     */
    Map<Integer, Map<Metric, Double>> run(Candidate candidate, List<Integer> rates, Phases phases) {
        String queue = broker.freshQueue();
        candidate.resume();
        try (Launched process = candidate.launch()) {
            Arrivals arrivals = Arrivals.from(broker, queue);
            awaitMarker(candidate, process, arrivals);
            measure(candidate, process, arrivals, WARM_UP_PER_SECOND, phases.warmUp());
            Map<Integer, Map<Metric, Double>> samples = new LinkedHashMap<>();
            for (int rate : rates) {
                samples.put(rate, measure(candidate, process, arrivals, rate, phases.measured()));
            }
            return samples;
        } finally {
            broker.delete(queue);
        }
    }

    private void awaitMarker(Candidate candidate, Launched process, Arrivals arrivals) {
        boolean ready = Wait.upTo(STARTS_WITHIN, Duration.ofMillis(500), () -> {
            Trace marker = new Trace(numbers.getAndIncrement(), 1);
            arrivals.record(marker);
            new Load(bed.mysql(), candidate.table()).run(marker, 1_000);
            return !process.isRunning() || Wait.upTo(Duration.ofSeconds(2), GLANCE, () -> marker.missing() == 0);
        });
        if (!ready || !process.isRunning()) {
            throw new IllegalStateException(candidate.name() + " does not deliver");
        }
    }

    private Map<Metric, Double> measure(
            Candidate candidate, Launched process, Arrivals arrivals, int rate, Duration duration) {
        int rows = Math.toIntExact(Math.max(1, rate * duration.toMillis() / 1_000));
        Trace trace = new Trace(numbers.getAndAdd(rows), rows);
        arrivals.record(trace);
        double cpuBefore = ProcessUsage.cpuSeconds(process.pid());
        long begun = System.nanoTime();
        new Load(bed.mysql(), candidate.table()).run(trace, rate);
        double cpu = ProcessUsage.cpuSeconds(process.pid()) - cpuBefore;
        double seconds = (System.nanoTime() - begun) / 1e9;
        Wait.upTo(ARRIVES_WITHIN, GLANCE, () -> trace.missing() == 0);
        Map<Metric, Double> sample = new EnumMap<>(Metric.class);
        sample.put(Metric.SENT, (double) rows);
        sample.put(Metric.MISSING, (double) trace.missing());
        sample.put(Metric.DUPLICATES, (double) trace.duplicates());
        Histogram sinceDue = trace.sinceDue();
        sample.put(Metric.P50_MS, millis(sinceDue, P50));
        sample.put(Metric.P99_MS, millis(sinceDue, P99));
        sample.put(Metric.MAX_MS, sinceDue.getMaxValue() / MICROS_PER_MILLI);
        Histogram sinceCommit = trace.sinceCommit();
        sample.put(Metric.COMMIT_P50_MS, millis(sinceCommit, P50));
        sample.put(Metric.COMMIT_P99_MS, millis(sinceCommit, P99));
        sample.put(Metric.CPU_PERCENT, cpu / seconds * 100);
        return sample;
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }
}
