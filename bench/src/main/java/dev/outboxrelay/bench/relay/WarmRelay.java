package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.ProcessUsage;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.bench.report.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One process of outbox-relay that goes on from one measurement to the next, so that what is compared is compared on the
 * same compiled code. Each measurement is a standing backlog: the broker takes nothing while it is committed.
 */
final class WarmRelay implements AutoCloseable {

    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final Duration SETTLE = Duration.ofMillis(200);
    private static final Duration RESTS_WITHIN = Duration.ofSeconds(20);
    private static final Duration RESTING = Duration.ofSeconds(5);
    private static final Duration REST = Duration.ofMillis(500);
    private static final double REST_CPU_SECONDS = 0.05;
    private static final double MICROS = 1e6;

    private final Bed bed;
    private final Broker broker;
    private final Launched process;
    private double atRest;

    private WarmRelay(Bed bed, Broker broker, Launched process) {
        this.bed = bed;
        this.broker = broker;
        this.process = process;
    }

    /** Starts it where it ended. */
    static WarmRelay start(Bed bed, Broker broker, OutboxRelay relay) {
        relay.resume();
        Launched process = relay.launch();
        relay.app().awaitReady();
        return new WarmRelay(bed, broker, process);
    }

    /**
     * What is to be published.
     *
     * @param messages in all
     * @param queues bound to the exchange
     * @param write commits them
     */
    record Plan(long messages, int queues, Runnable write) {}

    /**
     * Lets it publish a backlog into fresh queues. CPU is counted from before the first commit, since the relay reads ahead,
     * less what it would have used at rest; time from the moment at which the broker takes messages again.
     */
    Map<Metric, Double> drain(Plan plan) {
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < plan.queues(); i++) {
            queues.add(broker.freshQueue());
        }
        String queue = queues.get(queues.size() - 1);
        try {
            awaitRest();
            ProcessUsage.forgetPeakRss(process.pid());
            bed.rabbit().control("set_vm_memory_high_watermark", "0.0001");
            long since = System.nanoTime();
            double cpu = ProcessUsage.cpuSeconds(process.pid());
            CompletableFuture<String> open;
            double brokerCpu;
            try {
                plan.write().run();
            } finally {
                brokerCpu = ProcessUsage.cpuSeconds(bed.rabbit().pid());
                open = CompletableFuture.supplyAsync(() -> bed.rabbit().control("set_vm_memory_high_watermark", "0.8"));
            }
            long already = broker.count(queue);
            await(queue, Math.min(already + 1, plan.messages()));
            long begun = System.nanoTime();
            await(queue, plan.messages());
            double seconds = secondsSince(begun);
            cpu = ProcessUsage.cpuSeconds(process.pid()) - cpu - atRest * secondsSince(since);
            open.join();
            Map<Metric, Double> sample = new EnumMap<>(Metric.class);
            sample.put(Metric.WARM_PER_S, (plan.messages() - already) / seconds);
            sample.put(Metric.CPU_US_EACH, cpu * MICROS / plan.messages());
            sample.put(
                    Metric.BROKER_CPU_US,
                    (ProcessUsage.cpuSeconds(bed.rabbit().pid()) - brokerCpu) * MICROS / plan.messages());
            sample.put(Metric.PEAK_RSS_MB, ProcessUsage.peakRssMb(process.pid()));
            Wait.upTo(SETTLE, SETTLE, () -> false);
            sample.put(Metric.DUPLICATES, (double) (broker.count(queue) - plan.messages()));
            return sample;
        } finally {
            queues.forEach(broker::delete);
        }
    }

    /** Looks for a while at what it uses with nothing to do, which from now on does not count. */
    Map<Metric, Double> rest() {
        awaitRest();
        double cpu = ProcessUsage.cpuSeconds(process.pid());
        long begun = System.nanoTime();
        Wait.upTo(RESTING, RESTING, () -> false);
        atRest = (ProcessUsage.cpuSeconds(process.pid()) - cpu) / secondsSince(begun);
        return Map.of(Metric.CPU_PERCENT, atRest * 100);
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    /** Until it uses next to nothing, so that what is compiled after one measurement is not counted for the next. */
    private void awaitRest() {
        double[] before = {0};
        Wait.upTo(RESTS_WITHIN, REST, () -> {
            double now = ProcessUsage.cpuSeconds(process.pid());
            double used = now - before[0];
            before[0] = now;
            return used < REST_CPU_SECONDS;
        });
    }

    private void await(String queue, long wanted) {
        boolean come = Wait.upTo(WITHIN, GLANCE, () -> !process.isRunning() || broker.count(queue) >= wanted);
        if (!come || !process.isRunning()) {
            throw new IllegalStateException("outbox-relay brought %d of %d messages. %s"
                    .formatted(broker.count(queue), wanted, process.lastWords()));
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
