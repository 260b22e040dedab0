package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Bars of one figure, a bar per candidate, in groups by scenario; readable on light and on dark pages. */
final class Chart {

    private static final int WIDTH = 760;
    private static final int LABELS = 250;
    private static final int VALUES = 190;
    private static final int BAR = 18;
    private static final int STEP = 26;
    private static final int HEAD = 40;
    private static final int GROUP = 24;
    private static final int LEFT = 12;
    private static final int FOOT = 34;
    private static final int MARK = 11;
    private static final int TEXT_UP = 13;
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328; }
              .title { font-weight: 600; font-size: 15px; }
              .group { font-weight: 600; }
              .ours { fill: #0969da; }
              .other { fill: #9aa4af; }
              .range { stroke: #1f2328; stroke-width: 1.5; }
              .paper { fill: #ffffff; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .ours { fill: #4493f8; }
                .other { fill: #6e7681; }
                .range { stroke: #e6edf3; }
                .paper { fill: #0d1117; }
              }
            </style>
            """;

    private final Figures figures;
    private final Metric metric;
    private final String title;
    private final Set<String> beyond;

    /** @param beyond candidates that are left out, since beside them nobody could see the others */
    Chart(Figures figures, Metric metric, String title, Set<String> beyond) {
        this.figures = figures;
        this.beyond = Set.copyOf(beyond);
        this.metric = metric;
        this.title = title;
    }

    /** The SVG; empty if that part has no such figure. */
    String of(String bench) {
        List<Subject> subjects = new ArrayList<>(Tables.sorted(figures.of(bench)));
        subjects.removeIf(subject -> !figures.has(subject, metric) || beyond.contains(subject.candidate()));
        if (subjects.isEmpty()) {
            return "";
        }
        double most = subjects.stream()
                .mapToDouble(subject -> figures.spread(subject, metric).max())
                .max()
                .orElse(1);
        StringBuilder bars = new StringBuilder();
        int y = HEAD;
        Map<String, Object> group = Map.of();
        boolean first = true;
        for (Subject subject : subjects) {
            boolean begins = first || !subject.scenario().equals(group);
            if (begins && !subject.conditions().isEmpty()) {
                y += first ? 0 : STEP / 2;
                bars.append(text("group", LEFT, y + TEXT_UP, "start", subject.conditions()));
                y += GROUP;
            }
            bars.append(bar(subject, y, most));
            group = subject.scenario();
            first = false;
            y += STEP;
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n"
                        .formatted(WIDTH, y + FOOT, escaped(title))
                + STYLE
                + "<rect class=\"paper\" width=\"100%%\" height=\"100%%\" rx=\"6\"/>%n".formatted()
                + legend(y)
                + text("title", LEFT, HEAD / 2 + 2, "start", title)
                + bars
                + "</svg>\n";
    }

    private String bar(Subject subject, int y, double most) {
        Spread spread = figures.spread(subject, metric);
        double scale = (WIDTH - LABELS - VALUES) / (most > 0 ? most : 1);
        String value = Tables.range(spread, metric);
        return text("label", LABELS - 8, y + TEXT_UP, "end", subject.candidate())
                + String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                        subject.isOurs() ? "ours" : "other",
                        LABELS,
                        y,
                        Math.max(1, spread.median() * scale),
                        BAR)
                + String.format(
                        Locale.ROOT,
                        "<line class=\"range\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                        LABELS + spread.min() * scale,
                        y + BAR / 2,
                        LABELS + spread.max() * scale,
                        y + BAR / 2)
                + text("value", (int) (LABELS + spread.max() * scale) + 8, y + TEXT_UP, "start", value);
    }

    private static String legend(int y) {
        return mark("ours", LABELS, y)
                + text("label", LABELS + MARK + 6, y + TEXT_UP, "start", "ours")
                + mark("other", LABELS + 70, y)
                + text("label", LABELS + 70 + MARK + 6, y + TEXT_UP, "start", "others")
                + text("label", LABELS + 150, y + TEXT_UP, "start", "median (least–most of the rounds)");
    }

    private static String mark(String style, int x, int y) {
        return "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>%n"
                .formatted(style, x, y + 3, MARK, MARK);
    }

    private static String text(String style, int x, int y, String anchor, String content) {
        return "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n"
                .formatted(style, x, y, anchor, escaped(content));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
