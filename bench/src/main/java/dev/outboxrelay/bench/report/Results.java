package dev.outboxrelay.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Writes {@code RESULTS.md} and its charts. */
public final class Results {

    private static final List<Picture> PICTURES = List.of(
            new Picture(
                    "relay",
                    "relay-rate.svg",
                    Metric.MSGS_PER_S,
                    "Backlog published: msgs/s from process start (more is better)"),
            new Picture(
                    "relay", "relay-cpu.svg", Metric.CPU_US, "Backlog published: CPU µs per message (less is better)"),
            new Picture(
                    "latency",
                    "latency-p99.svg",
                    Metric.P99_MS,
                    "From commit to consumer: p99 in ms, by commits/s (less is better)"),
            new Picture(
                    "growth",
                    "growth-cpu.svg",
                    Metric.CPU_US_EACH,
                    "outbox-relay once warm: CPU µs per message (less is better)"),
            new Picture("orders", "orders-rate.svg", Metric.ORDERS_PER_S, "POST /v1/orders: orders/s (more is better)"),
            new Picture("mail", "mail-rate.svg", Metric.MAILS_PER_S, "Mails/s (more is better)"));

    /** The wire's ceiling in mails and the largest payload: in the tables, but not in the charts. */
    private static final Set<String> BEYOND = Set.of("smtp-source", "100 KiB of payload");

    private final Figures figures;

    public Results(Figures figures) {
        this.figures = figures;
    }

    private record Picture(String bench, String file, Metric metric, String title) {}

    /**
     * Writes all that was measured so far over what an earlier run has written.
     *
     * @param head what made them, in Markdown
     */
    public void write(Path directory, String head) {
        StringBuilder text = new StringBuilder("# Results\n\n").append(head).append('\n');
        String targets = new Targets(figures).table();
        text.append(targets.isEmpty() ? "" : "\n## Targets\n\n" + targets);
        Tables tables = new Tables(figures);
        Ratios ratios = new Ratios(figures);
        try {
            Path charts = Files.createDirectories(directory.resolve("charts"));
            for (String bench : figures.benches()) {
                text.append("\n## ").append(bench).append("\n\n");
                for (Picture picture : PICTURES) {
                    String svg = picture.bench().equals(bench)
                            ? new Chart(figures, picture.metric(), picture.title(), BEYOND).of(bench)
                            : "";
                    if (!svg.isEmpty()) {
                        Files.writeString(charts.resolve(picture.file()), svg);
                        text.append("![%s](charts/%s)\n\n".formatted(picture.title(), picture.file()));
                    }
                }
                text.append(tables.table(bench)).append('\n').append(ratios.list(bench));
            }
            Files.writeString(directory.resolve("RESULTS.md"), text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the results to " + directory, e);
        }
    }
}
