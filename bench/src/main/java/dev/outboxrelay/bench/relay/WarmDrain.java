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

/** What a message costs outbox-relay once it is warm: the first messages of what it drains do not count. */
final class WarmDrain {

    private static final Duration WITHIN = Duration.ofMinutes(10);
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final Duration SETTLE = Duration.ofMillis(200);
    private static final Duration RESTS_WITHIN = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofMillis(500);
    private static final double REST_CPU_SECONDS = 0.05;
    private static final double MICROS = 1e6;

    private final Bed bed;
    private final Broker broker;
    private final OutboxRelay relay;

    WarmDrain(Bed bed, Broker broker, OutboxRelay relay) {
        this.bed = bed;
        this.broker = broker;
        this.relay = relay;
    }

    /**
     * What is to be published, and when it comes.
     *
     * @param warmUp messages that do not count; they are written before the relay starts
     * @param messages that do
     * @param queues bound to the exchange
     * @param company done once the relay is ready
     * @param write commits those that count
     */
    record Plan(long warmUp, long messages, int queues, Runnable company, Runnable write) {
        long total() {
            return warmUp + messages;
        }
    }

    /**
     * Starts the relay where it ended, lets it warm up and come to rest, so that what its JVM still compiles does not count;
     * then the messages that do are written while it publishes them.
     */
    Map<Metric, Double> run(Plan plan) {
        List<String> queues = new ArrayList<>();
        for (int i = 0; i < plan.queues(); i++) {
            queues.add(broker.freshQueue());
        }
        String queue = queues.get(queues.size() - 1);
        relay.resume();
        try (Launched process = relay.launch()) {
            relay.app().awaitReady();
            plan.company().run();
            await(process, queue, plan.warmUp());
            awaitRest(process);
            double cpu = ProcessUsage.cpuSeconds(process.pid());
            double brokerCpu = ProcessUsage.cpuSeconds(bed.rabbit().pid());
            long begun = System.nanoTime();
            plan.write().run();
            await(process, queue, plan.total());
            double seconds = (System.nanoTime() - begun) / 1e9;
            double messages = plan.messages();
            cpu = ProcessUsage.cpuSeconds(process.pid()) - cpu;
            brokerCpu = ProcessUsage.cpuSeconds(bed.rabbit().pid()) - brokerCpu;
            Map<Metric, Double> sample = new EnumMap<>(Metric.class);
            sample.put(Metric.WARM_PER_S, messages / seconds);
            sample.put(Metric.CPU_US_EACH, cpu * MICROS / messages);
            sample.put(Metric.BROKER_CPU_US, brokerCpu * MICROS / messages);
            sample.put(Metric.PEAK_RSS_MB, ProcessUsage.peakRssMb(process.pid()));
            process.close();
            Wait.upTo(SETTLE, SETTLE, () -> false);
            sample.put(Metric.DUPLICATES, (double) (broker.count(queue) - plan.total()));
            return sample;
        } finally {
            queues.forEach(broker::delete);
        }
    }

    /** Until it uses next to nothing, but not for longer than a few seconds. */
    private static void awaitRest(Launched process) {
        double[] before = {0};
        Wait.upTo(RESTS_WITHIN, REST, () -> {
            double now = ProcessUsage.cpuSeconds(process.pid());
            double used = now - before[0];
            before[0] = now;
            return used < REST_CPU_SECONDS;
        });
    }

    private void await(Launched process, String queue, long wanted) {
        boolean come = Wait.upTo(WITHIN, GLANCE, () -> !process.isRunning() || broker.count(queue) >= wanted);
        if (!come || !process.isRunning()) {
            throw new IllegalStateException("outbox-relay brought %d of %d messages. %s"
                    .formatted(broker.count(queue), wanted, process.lastWords()));
        }
    }
}
