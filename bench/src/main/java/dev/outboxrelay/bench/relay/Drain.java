package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.ProcessUsage;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.bench.report.Metric;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Lets a candidate publish a backlog into a fresh quorum queue from which nobody consumes. */
final class Drain {

    private static final Duration WITHIN = Duration.ofMinutes(15);
    private static final Duration STALLED = Duration.ofMinutes(2);

    /** PerfTest ends by itself, when all is confirmed. */
    private static final Duration ENDED = Duration.ofSeconds(2);

    private static final Duration FINE = Duration.ofMillis(5);
    private static final Duration COARSE = Duration.ofMillis(20);
    private static final Duration SETTLE = Duration.ofMillis(200);
    private static final double MICROS = 1e6;

    private final Bed bed;
    private final Broker broker;

    Drain(Bed bed, Broker broker) {
        this.bed = bed;
        this.broker = broker;
    }

    /**
     * Starts it, and ends it once that many messages are in the queue.
     *
     * @return its figures; {@link Metric#DUPLICATES} is what came beyond that number
     * @throws IllegalStateException if it ends, or nothing comes for two minutes
     */
    Map<Metric, Double> run(Candidate candidate, long messages) {
        String queue = broker.freshQueue();
        double brokerBefore = ProcessUsage.cpuSeconds(bed.rabbit().pid());
        double mysqlBefore = ProcessUsage.cpuSeconds(bed.mysql().pid());
        long start = System.nanoTime();
        try (Launched process = candidate.launch()) {
            awaitCount(candidate, process, queue, 1, FINE);
            double first = seconds(start);
            long already = broker.count(queue);
            double counted = seconds(start);
            awaitCount(candidate, process, queue, messages, COARSE);
            double last = seconds(start);
            Map<Metric, Double> sample = new EnumMap<>(Metric.class);
            sample.put(Metric.MSGS_PER_S, messages / last);
            sample.put(Metric.DRAIN_PER_S, (messages - already) / (last - counted));
            sample.put(Metric.FIRST_MESSAGE_S, first);
            sample.put(
                    Metric.BROKER_CPU_US,
                    perMessage(ProcessUsage.cpuSeconds(bed.rabbit().pid()) - brokerBefore, messages));
            sample.put(
                    Metric.MYSQL_CPU_US,
                    perMessage(ProcessUsage.cpuSeconds(bed.mysql().pid()) - mysqlBefore, messages));
            if (process.isRunning()) {
                sample.put(Metric.CPU_US, perMessage(ProcessUsage.cpuSeconds(process.pid()), messages));
                sample.put(Metric.PEAK_RSS_MB, ProcessUsage.peakRssMb(process.pid()));
            }
            process.close();
            Wait.upTo(SETTLE, SETTLE, () -> false);
            sample.put(Metric.DUPLICATES, (double) (broker.count(queue) - messages));
            return sample;
        } finally {
            broker.delete(queue);
        }
    }

    private void awaitCount(Candidate candidate, Launched process, String queue, long wanted, Duration interval) {
        long[] seen = {0, System.nanoTime()};
        boolean done = Wait.upTo(WITHIN, interval, () -> {
            long now = broker.count(queue);
            if (now != seen[0]) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            boolean over = now >= wanted;
            Duration patience = process.isRunning() ? STALLED : ENDED;
            if (!over && System.nanoTime() - seen[1] > patience.toNanos()) {
                throw new IllegalStateException("%s brought %d of %d messages and no more. %s"
                        .formatted(candidate.name(), now, wanted, process.lastWords()));
            }
            return over;
        });
        if (!done) {
            throw new IllegalStateException("%s took longer than %s".formatted(candidate.name(), WITHIN));
        }
    }

    private static double perMessage(double cpuSeconds, long messages) {
        return cpuSeconds * MICROS / messages;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
