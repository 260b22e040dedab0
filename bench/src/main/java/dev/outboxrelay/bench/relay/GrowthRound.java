package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.demo.App;
import dev.outboxrelay.local.Ports;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Each case of growth once, beside {@link #USUAL}. What a case publishes is written within it, and nothing of it is left. */
final class GrowthRound {

    static final long MILLION = 1_000_000;

    private static final String TABLE = "orders.outbox";
    private static final int HALF_KIB = 512;
    private static final int TEN_KIB = 10 * 1024;
    private static final int HUNDRED_KIB = 100 * 1024;
    private static final Backlog.Shape PLAIN = Backlog.Shape.single(HALF_KIB);

    /** Messages of 0.5 KiB, a transaction each, into one queue; no foreign rows, no standby, nothing to delete. */
    private static final long USUAL = 100_000;

    private static final long BRIEF = 100;
    private static final long SOME = 20_000;
    private static final long FEW = 10_000;

    /** A tenth of the messages is measured so often in a row, since little CPU can't be read finely. */
    private static final int TIMES_FEW = 3;

    private final Setup setup;
    private final Backlog backlog;
    private final OutboxRelay relay;
    private final WarmRelay warm;
    private final GrowthNotes notes;

    GrowthRound(Setup setup, Backlog backlog, OutboxRelay relay, WarmRelay warm, GrowthNotes notes) {
        this.setup = setup;
        this.backlog = backlog;
        this.relay = relay;
        this.warm = warm;
        this.notes = notes;
    }

    /** Messages as in the usual case, which do not count. */
    void warmUp() {
        published(USUAL, PLAIN);
    }

    void run() {
        if (setup.brief()) {
            notes.add("%,d messages".formatted(BRIEF), published(BRIEF, PLAIN));
            return;
        }
        Map<Metric, Double> atRest = warm.rest();
        Map<Metric, Double> usual = published(USUAL, PLAIN);
        notes.add("%,d messages".formatted(USUAL), usual);
        notes.add("%,d messages".formatted(FEW), few());
        if (setup.rows() >= MILLION) {
            notes.add("%,d messages".formatted(MILLION), published(MILLION, PLAIN));
        }
        notes.add("10 KiB of payload", published(5_000, Backlog.Shape.single(TEN_KIB)));
        notes.add("100 KiB of payload", published(1_000, Backlog.Shape.single(HUNDRED_KIB)));
        foreign(usual, "50 % foreign rows, one by one", SOME, new Backlog.Foreign(1, 1));
        foreign(usual, "95 % foreign rows, one by one", 4_000, new Backlog.Foreign(19, 1));
        foreign(usual, "95 % foreign rows, ten a commit", FEW, new Backlog.Foreign(20, 10));
        notes.add(
                "%,d rows in one transaction".formatted(USUAL),
                published(USUAL, new Backlog.Shape(HALF_KIB, (int) USUAL, Backlog.Foreign.NONE)));
        notes.add("8 queues", published(SOME, 8));
        notes.add("janitor at work", withJanitor());
        notes.add("with a standby", withStandby());
        notes.add("at rest", atRest);
    }

    private Map<Metric, Double> few() {
        Map<Metric, Double> sum = new EnumMap<>(Metric.class);
        for (int i = 0; i < TIMES_FEW; i++) {
            published(FEW, PLAIN).forEach((metric, value) -> sum.merge(metric, value, Double::sum));
        }
        sum.replaceAll((metric, value) -> metric == Metric.DUPLICATES ? value : value / TIMES_FEW);
        return sum;
    }

    /** What a foreign row costs is what the process used beyond what its messages cost without any, of the same round. */
    private void foreign(Map<Metric, Double> usual, String name, long messages, Backlog.Foreign foreign) {
        Map<Metric, Double> sample = published(messages, new Backlog.Shape(HALF_KIB, 1, foreign));
        double cost = Objects.requireNonNull(usual.get(Metric.CPU_US_EACH));
        double withForeign = Objects.requireNonNull(sample.get(Metric.CPU_US_EACH));
        sample.put(Metric.FOREIGN_CPU_US, (withForeign - cost) / foreign.rows());
        notes.add(name, sample);
    }

    private Map<Metric, Double> withJanitor() {
        long old = backlog.age(TABLE);
        try {
            Map<Metric, Double> sample = published(SOME, PLAIN);
            long left = backlog.aged(TABLE);
            if (left >= old) {
                throw new IllegalStateException("The janitor has deleted none of %d old rows".formatted(old));
            }
            return sample;
        } finally {
            backlog.forgetAged(TABLE);
        }
    }

    private Map<Metric, Double> withStandby() {
        try (App standby = relay.app().another(Ports.free())) {
            standby.start();
            return published(SOME, PLAIN);
        }
    }

    private Map<Metric, Double> published(long rows, Backlog.Shape shape) {
        return warm.drain(new WarmRelay.Plan(rows, 1, () -> backlog.write(TABLE, rows, shape)));
    }

    private Map<Metric, Double> published(long rows, int queues) {
        return warm.drain(new WarmRelay.Plan(rows, queues, () -> backlog.write(TABLE, rows, PLAIN)));
    }
}
