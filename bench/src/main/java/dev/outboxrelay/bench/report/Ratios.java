package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How the first candidate of each scenario, which is ours, compares with each other one. */
final class Ratios {

    private final Figures figures;

    Ratios(Figures figures) {
        this.figures = figures;
    }

    /** One Markdown item per scenario and figure; empty where there is nothing to compare. */
    String list(String bench) {
        StringBuilder text = new StringBuilder();
        Set<Map<String, Object>> seen = new LinkedHashSet<>();
        for (Subject subject : figures.of(bench)) {
            if (!seen.add(subject.scenario())) {
                continue;
            }
            for (Metric metric : compared()) {
                List<String> others = new ArrayList<>();
                figures.ratios(subject, metric)
                        .forEach((other, ratio) -> others.add(String.format(Locale.ROOT, "%.2f × %s", ratio, other)));
                if (!others.isEmpty()) {
                    String conditions = subject.conditions();
                    text.append("- ")
                            .append(conditions.isEmpty() ? "" : conditions + ": ")
                            .append(subject.candidate())
                            .append(", ")
                            .append(metric.title())
                            .append(": ")
                            .append(String.join(", ", others))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static List<Metric> compared() {
        return Stream.of(Metric.values())
                .filter(metric -> metric.shown() == Metric.Shown.COMPARED)
                .toList();
    }
}
