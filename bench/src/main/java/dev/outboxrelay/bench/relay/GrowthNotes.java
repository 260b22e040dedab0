package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.bench.report.Subject;
import java.util.Map;

/** Takes down what one round of growth finds. */
record GrowthNotes(Figures figures, Words words, int round) {

    void add(String name, Map<Metric, Double> sample) {
        figures.add(new Subject(GrowthPart.NAME, Map.of(), name), round, sample);
        words.say("growth round %d: %s, %s".formatted(round, name, inWords(sample)));
    }

    private static String inWords(Map<Metric, Double> sample) {
        return sample.containsKey(Metric.WARM_PER_S)
                ? "%.0f msgs/s, %.1f µs of CPU each"
                        .formatted(sample.get(Metric.WARM_PER_S), sample.get(Metric.CPU_US_EACH))
                : "%.1f %% of a core".formatted(sample.get(Metric.CPU_PERCENT));
    }
}
