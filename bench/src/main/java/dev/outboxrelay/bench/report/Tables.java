package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One Markdown table per part. */
final class Tables {

    /** Decimals of larger figures say nothing. */
    private static final double PLAIN_FROM = 100;

    private final Figures figures;

    Tables(Figures figures) {
        this.figures = figures;
    }

    /** The table of that part; empty if nothing was measured. */
    String table(String bench) {
        List<Subject> subjects = figures.of(bench);
        if (subjects.isEmpty()) {
            return "";
        }
        List<Metric> metrics = Stream.of(Metric.values())
                .filter(metric -> subjects.stream().anyMatch(subject -> figures.has(subject, metric)))
                .toList();
        boolean conditions = subjects.stream().anyMatch(s -> !s.conditions().isEmpty());
        List<String> head = new ArrayList<>();
        if (conditions) {
            head.add("");
        }
        head.add("candidate");
        metrics.forEach(metric -> head.add(metric.title()));
        StringBuilder table = new StringBuilder();
        line(table, head);
        line(table, head.stream().map(column -> "---").toList());
        for (Subject subject : sorted(subjects)) {
            List<String> cells = new ArrayList<>();
            if (conditions) {
                cells.add(subject.conditions());
            }
            cells.add(subject.candidate());
            metrics.forEach(metric -> cells.add(figures.has(subject, metric) ? cell(subject, metric) : ""));
            line(table, cells);
        }
        return table.toString();
    }

    /** Scenario by scenario, in the order in which each was first measured. */
    static List<Subject> sorted(List<Subject> subjects) {
        Map<Map<String, Object>, List<Subject>> byScenario = subjects.stream()
                .collect(Collectors.groupingBy(Subject::scenario, LinkedHashMap::new, Collectors.toList()));
        return byScenario.values().stream().flatMap(List::stream).toList();
    }

    private String cell(Subject subject, Metric metric) {
        Spread spread = figures.spread(subject, metric);
        return switch (metric.shown()) {
            case COMPARED -> range(spread, metric);
            case MEDIAN -> number(spread.median(), metric);
            case TOTAL -> number(figures.total(subject, metric), metric);
        };
    }

    /** Median, least and most; the median alone where there is one round. */
    static String range(Spread spread, Metric metric) {
        return spread.min() == spread.max()
                ? number(spread.median(), metric)
                : "%s (%s–%s)"
                        .formatted(
                                number(spread.median(), metric),
                                number(spread.min(), metric),
                                number(spread.max(), metric));
    }

    static String number(double value, Metric metric) {
        return String.format(Locale.ROOT, "%,." + (value < PLAIN_FROM ? metric.decimals() : 0) + "f", value);
    }

    private static void line(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
