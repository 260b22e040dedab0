package dev.outboxrelay.bench.mail;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.ProcessUsage;
import dev.outboxrelay.bench.Sql;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.demo.App;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Lets mail-worker drain a backlog of events. */
final class WorkerDrain {

    private static final Duration WITHIN = Duration.ofMinutes(5);
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final Duration READING = Duration.ofMillis(50);
    private static final double MICROS = 1e6;

    private final Bed bed;
    private final App worker;
    private final Sql sql;
    private final Events events;

    WorkerDrain(Bed bed, Events events) {
        this.bed = bed;
        this.worker = bed.pipeline().mailWorker();
        this.sql = new Sql(bed.mysql());
        this.events = events;
    }

    /**
     * How much to drain.
     *
     * @param warmUp the first mails, before the clock starts
     * @param twice whether each event comes twice
     */
    record Backlog(int warmUp, int mails, boolean twice) {
        int events() {
            return warmUp + mails;
        }

        int deliveries() {
            return twice ? 2 * events() : events();
        }
    }

    /**
     * Starts the worker, gives it the backlog, and ends it when all of it is settled. The clock runs from the last mail of
     * the warm-up until then; what is counted is unique mails.
     */
    Map<Metric, Double> run(MailServer server, int consumers, Backlog backlog) {
        start(server, consumers);
        try {
            long before = server.count();
            events.publish(backlog.events(), backlog.twice());
            await("the first mails", GLANCE, () -> server.count() - before >= backlog.warmUp());
            double cpu = ProcessUsage.cpuSeconds(worker.pid());
            double mysqlCpu = ProcessUsage.cpuSeconds(bed.mysql().pid());
            long already = server.count() - before;
            long begun = System.nanoTime();
            await("all mails", GLANCE, () -> server.count() - before >= backlog.events());
            await("the end of the backlog", READING, () -> settled() >= backlog.deliveries());
            double seconds = (System.nanoTime() - begun) / 1e9;
            double measured = Math.max(1, backlog.events() - already);
            Map<Metric, Double> sample = new EnumMap<>(Metric.class);
            sample.put(Metric.MAILS_PER_S, measured / seconds);
            sample.put(Metric.CPU_US_EACH, (ProcessUsage.cpuSeconds(worker.pid()) - cpu) * MICROS / measured);
            sample.put(
                    Metric.MYSQL_CPU_US_EACH,
                    (ProcessUsage.cpuSeconds(bed.mysql().pid()) - mysqlCpu) * MICROS / measured);
            sample.put(Metric.PEAK_RSS_MB, ProcessUsage.peakRssMb(worker.pid()));
            sample.put(Metric.SENT, (double) (server.count() - before));
            sample.put(Metric.MISSING, backlog.events() - marked());
            sample.put(Metric.DUPLICATES, (double) (server.count() - before - backlog.events()));
            return sample;
        } finally {
            worker.stop();
        }
    }

    /** Starts it afresh, without a memory of earlier mails. */
    void start(MailServer server, int consumers) {
        sql.run("TRUNCATE TABLE mail.processed_messages");
        server.workerSettings().forEach(worker::set);
        worker.set("MAIL_WORKER_CONSUMERS_MIN", Integer.toString(consumers));
        worker.set("MAIL_WORKER_CONSUMERS_MAX", Integer.toString(consumers));
        worker.start();
    }

    /** Deliveries of which something has come, by the worker's own count since its start. */
    private double settled() {
        return worker.metrics()
                .map(metrics -> metrics.sum("mail_worker_outcomes_total"))
                .orElse(0.0);
    }

    private double marked() {
        return Double.parseDouble(sql.read("SELECT COUNT(*) FROM mail.processed_messages WHERE state = 'SENT'"));
    }

    private void await(String what, Duration interval, BooleanSupplier condition) {
        boolean come = Wait.upTo(WITHIN, interval, () -> !worker.isRunning() || condition.getAsBoolean());
        if (!come || !worker.isRunning()) {
            throw new IllegalStateException(
                    "mail-worker did not come to %s; it has settled %.0f".formatted(what, settled()));
        }
    }
}
