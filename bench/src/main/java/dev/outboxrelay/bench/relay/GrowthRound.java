package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.demo.App;
import dev.outboxrelay.local.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Each case of growth once. What a case publishes is written within it, and nothing of it is left after. */
final class GrowthRound {

    static final long MILLION = 1_000_000;

    private static final String TABLE = "orders.outbox";
    private static final int HALF_KIB = 512;
    private static final int TEN_KIB = 10 * 1024;
    private static final int HUNDRED_KIB = 100 * 1024;
    private static final Backlog.Shape PLAIN = new Backlog.Shape(HALF_KIB, 1, 0);
    private static final Map<String, String> JANITOR_AT_WORK =
            Map.of("RELAY_JANITOR_RETENTION", "1s", "RELAY_JANITOR_PAUSE", "100ms");
    private static final Map<String, String> JANITOR_AS_USUAL =
            Map.of("RELAY_JANITOR_RETENTION", "7d", "RELAY_JANITOR_PAUSE", "1s");

    private static final long WARM_UP = 30_000;
    private static final long WARM_UP_BRIEF = 30;

    private final Setup setup;
    private final Backlog backlog;
    private final OutboxRelay relay;
    private final WarmDrain drain;
    private final GrowthNotes notes;
    private final long warmUp;

    GrowthRound(Setup setup, Backlog backlog, OutboxRelay relay, WarmDrain drain, GrowthNotes notes) {
        this.setup = setup;
        this.backlog = backlog;
        this.relay = relay;
        this.drain = drain;
        this.notes = notes;
        this.warmUp = setup.brief() ? WARM_UP_BRIEF : WARM_UP;
    }

    void run() {
        for (long rows : sizes()) {
            notes.add("messages at once", "%,d messages".formatted(rows), published(rows, PLAIN));
        }
        if (setup.brief()) {
            return;
        }
        Map<Metric, Double> usual = published(20_000, PLAIN);
        payloads(usual);
        foreign(usual);
        notes.add("transactions", "a row each", usual);
        notes.add("transactions", "100,000 rows in one", published(100_000, new Backlog.Shape(HALF_KIB, 100_000, 0)));
        notes.add("queues bound", "1", usual);
        notes.add("queues bound", "8", published(20_000, PLAIN, 8));
        janitor(usual);
        standby(usual);
    }

    private void payloads(Map<Metric, Double> usual) {
        notes.add("payload", "0.5 KiB", usual);
        notes.add("payload", "10 KiB", published(5_000, new Backlog.Shape(TEN_KIB, 1, 0)));
        notes.add("payload", "100 KiB", published(1_000, new Backlog.Shape(HUNDRED_KIB, 1, 0)));
    }

    /** What a foreign row costs is what the process used beyond what its messages cost without any, of the same round. */
    private void foreign(Map<Metric, Double> usual) {
        double cost = Objects.requireNonNull(usual.get(Metric.CPU_US_EACH));
        notes.add("foreign rows", "0 %", usual);
        Map<Integer, Long> messages = Map.of(1, 20_000L, 19, 5_000L);
        for (int foreign : List.of(1, 19)) {
            Map<Metric, Double> sample =
                    published(Objects.requireNonNull(messages.get(foreign)), new Backlog.Shape(HALF_KIB, 1, foreign));
            double withForeign = Objects.requireNonNull(sample.get(Metric.CPU_US_EACH));
            sample.put(Metric.FOREIGN_CPU_US, (withForeign - cost) / foreign);
            notes.add("foreign rows", "%d %%".formatted(100 * foreign / (foreign + 1)), sample);
        }
    }

    /** It has all rows of the cases before to delete. */
    private void janitor(Map<Metric, Double> usual) {
        notes.add("janitor", "idle", usual);
        JANITOR_AT_WORK.forEach(relay.app()::set);
        try {
            notes.add("janitor", "at work", published(20_000, PLAIN));
        } finally {
            JANITOR_AS_USUAL.forEach(relay.app()::set);
        }
    }

    private void standby(Map<Metric, Double> usual) {
        notes.add("standby", "none", usual);
        try (App standby = relay.app().another(Ports.free())) {
            notes.add("standby", "one", published(20_000, PLAIN, 1, standby::start));
        }
    }

    private Map<Metric, Double> published(long rows, Backlog.Shape shape) {
        return published(rows, shape, 1);
    }

    private Map<Metric, Double> published(long rows, Backlog.Shape shape, int queues) {
        return published(rows, shape, queues, () -> {});
    }

    private Map<Metric, Double> published(long rows, Backlog.Shape shape, int queues, Runnable company) {
        backlog.write(TABLE, warmUp, PLAIN);
        return drain.run(new WarmDrain.Plan(warmUp, rows, queues, company, () -> backlog.write(TABLE, rows, shape)));
    }

    private List<Long> sizes() {
        if (setup.brief()) {
            return List.of(100L);
        }
        List<Long> sizes = new ArrayList<>(List.of(10_000L, 100_000L));
        if (setup.rows() >= MILLION) {
            sizes.add(MILLION);
        }
        return sizes;
    }
}
