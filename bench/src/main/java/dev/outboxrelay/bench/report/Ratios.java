package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How the first candidate of each scenario, which is ours, compares with each other one. */
final class Ratios {

    private static final List<Metric> COMPARED = Stream.of(Metric.values())
            .filter(metric -> metric.shown() == Metric.Shown.COMPARED)
            .toList();

    private final Figures figures;

    Ratios(Figures figures) {
        this.figures = figures;
    }

    /** One Markdown item per pair that is compared; empty where there is nothing to compare. */
    String list(String bench) {
        StringBuilder text = new StringBuilder();
        Set<Map<String, Object>> seen = new LinkedHashSet<>();
        for (Subject subject : figures.of(bench)) {
            if (seen.add(subject.scenario())) {
                beside(subject).forEach((other, ratios) -> text.append("- ")
                        .append(subject.conditions().isEmpty() ? "" : subject.conditions() + ": ")
                        .append(subject.candidate())
                        .append(" beside ")
                        .append(other)
                        .append(": ")
                        .append(String.join(", ", ratios))
                        .append('\n'));
            }
        }
        return text.toString();
    }

    private Map<String, List<String>> beside(Subject subject) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Metric metric : COMPARED) {
            figures.ratios(subject, metric)
                    .forEach((other, ratio) -> all.computeIfAbsent(other, key -> new ArrayList<>())
                            .add(String.format(Locale.ROOT, "%s %.2f ×", metric.title(), ratio)));
        }
        return all;
    }
}
