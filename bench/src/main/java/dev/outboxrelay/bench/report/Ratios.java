package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How the first candidate of each scenario, which is ours, compares with each other one; in growth, each with the first. */
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
        List<Subject> subjects = figures.of(bench);
        return bench.equals("growth") ? besideTheFirst(subjects) : pairs(subjects);
    }

    private String pairs(List<Subject> subjects) {
        StringBuilder text = new StringBuilder();
        Set<Map<String, Object>> seen = new LinkedHashSet<>();
        for (Subject subject : subjects) {
            if (seen.add(subject.scenario())) {
                String conditions = subject.conditions().isEmpty() ? "" : subject.conditions() + ": ";
                beside(subject)
                        .forEach((other, ratios) -> text.append("- %s%s beside %s: %s%n"
                                .formatted(conditions, subject.candidate(), other, String.join(", ", ratios))));
            }
        }
        return text.toString();
    }

    private String besideTheFirst(List<Subject> subjects) {
        StringBuilder text = new StringBuilder();
        Metric cost = Metric.CPU_US_EACH;
        for (Subject subject : subjects) {
            String first = subjects.get(0).candidate();
            Optional.ofNullable(figures.ratios(subject, cost).get(first))
                    .ifPresent(ratio -> text.append(
                            "- %s beside %s: %s %.2f ×%n".formatted(subject.candidate(), first, cost.title(), ratio)));
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
