package dev.outboxrelay.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per subject. */
final class JsonLines {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int RATIO_DECIMALS = 3;

    private final Figures figures;

    JsonLines(Figures figures) {
        this.figures = figures;
    }

    String line(Subject subject) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", subject.bench());
        line.put("candidate", subject.candidate());
        line.putAll(subject.scenario());
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            if (figures.has(subject, metric)) {
                line.put(metric.key(), value(subject, metric));
                if (metric.shown() == Metric.Shown.COMPARED) {
                    putRatios(ratios, subject, metric);
                }
            }
        }
        line.putAll(ratios);
        return JSON.writeValueAsString(line);
    }

    private Object value(Subject subject, Metric metric) {
        Spread spread = figures.spread(subject, metric);
        return switch (metric.shown()) {
            case COMPARED -> {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("median", rounded(spread.median(), metric.decimals()));
                all.put("min", rounded(spread.min(), metric.decimals()));
                all.put("max", rounded(spread.max(), metric.decimals()));
                yield all;
            }
            case MEDIAN -> rounded(spread.median(), metric.decimals());
            case TOTAL -> rounded(figures.total(subject, metric), 0);
        };
    }

    /** The first figure that is compared is {@code ratio_to}, further ones have their name before that. */
    private void putRatios(Map<String, Object> all, Subject subject, Metric metric) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        figures.ratios(subject, metric).forEach((other, ratio) -> ratios.put(other, rounded(ratio, RATIO_DECIMALS)));
        if (!ratios.isEmpty()) {
            all.put(all.isEmpty() ? "ratio_to" : metric.key() + "_ratio_to", ratios);
        }
    }

    private static BigDecimal rounded(double value, int decimals) {
        return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    }
}
