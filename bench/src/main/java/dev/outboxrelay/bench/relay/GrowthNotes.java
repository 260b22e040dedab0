package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.bench.report.Subject;
import java.util.Map;

/** Takes down what one round of growth finds. */
record GrowthNotes(Figures figures, Words words, int round) {

    /** @param growing of what there is more, as in {@code payload}; candidates with the same are compared */
    void add(String growing, String candidate, Map<Metric, Double> sample) {
        figures.add(new Subject(GrowthPart.NAME, Map.of("case", growing), candidate), round, sample);
        words.say("growth round %d: %s %s, %.0f msgs/s, %.0f µs of CPU each"
                .formatted(round, growing, candidate, sample.get(Metric.WARM_PER_S), sample.get(Metric.CPU_US_EACH)));
    }
}
