package dev.outboxrelay.bench.report;

/** What was measured, for a terminal. */
public final class Report {

    private final Figures figures;

    public Report(Figures figures) {
        this.figures = figures;
    }

    /** One JSON object a line. */
    public String json() {
        StringBuilder lines = new StringBuilder();
        JsonLines json = new JsonLines(figures);
        figures.inOrder().forEach(subject -> lines.append(json.line(subject)).append('\n'));
        return lines.toString();
    }

    /** A table per part, how ours compares, and what was to be reached. */
    public String tables() {
        StringBuilder text = new StringBuilder();
        Tables tables = new Tables(figures);
        Ratios ratios = new Ratios(figures);
        figures.benches().forEach(bench -> text.append(bench)
                .append("\n\n")
                .append(tables.table(bench))
                .append('\n')
                .append(ratios.list(bench))
                .append('\n'));
        text.append(new Targets(figures).table());
        return text.toString();
    }
}
