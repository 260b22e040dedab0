package dev.outboxrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {

    private static final Subject OURS = new Subject("orders", Map.of("connections", 8), "order-app");
    private static final Subject CEILING = new Subject("orders", Map.of("connections", 8), "bare-<jdbc>");

    @TempDir
    private Path directory;

    private final Figures figures = new Figures();

    @BeforeEach
    void three_rounds_in_which_the_machine_was_slower_each_time() {
        for (int round = 1; round <= 3; round++) {
            figures.add(OURS, round, Map.of(Metric.ORDERS_PER_S, 900.0 / round, Metric.MISSING, 0.0));
            figures.add(CEILING, round, Map.of(Metric.ORDERS_PER_S, 1_000.0 / round, Metric.MISSING, 1.0));
        }
    }

    @Test
    void a_ratio_is_taken_within_each_round() throws IOException {
        assertThat(written("RESULTS.md")).contains("- 8 connections: order-app beside bare-<jdbc>: orders/s 0.90 ×");
    }

    @Test
    void a_figure_is_the_median_with_the_least_and_the_most_and_counts_are_added_up() throws IOException {
        assertThat(written("RESULTS.md"))
                .contains("| 8 connections | order-app | 450 (300–900) | 0 |")
                .contains("| 8 connections | bare-<jdbc> | 500 (333–1,000) | 3 |");
    }

    @Test
    void a_chart_is_well_formed_and_adapts_to_dark_pages() throws Exception {
        String svg = written("charts/orders-rate.svg");

        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(directory.resolve("charts/orders-rate.svg").toFile());
        assertThat(svg).contains("prefers-color-scheme: dark").contains("450 (300–900)");
    }

    @Test
    void a_target_is_judged_by_the_same_ratio_and_one_that_is_missed_is_said_to_be() throws IOException {
        Subject ceiling = new Subject("orders", Map.of("connections", 8), "bare-jdbc");
        figures.add(OURS, 1, Map.of(Metric.ORDERS_PER_S, 900.0, Metric.P99_MS, 30.0));
        figures.add(ceiling, 1, Map.of(Metric.ORDERS_PER_S, 1_000.0, Metric.P99_MS, 10.0));

        assertThat(written("RESULTS.md"))
                .contains("## Targets")
                .contains("| orders over 8 connections: orders/s | ≥ 0.8 × bare JDBC | 0.90 × bare JDBC | yes |")
                .contains("| orders over 8 connections: p99 | ≤ 2 × bare JDBC | 3.00 × bare JDBC | **no** |")
                .doesNotContain("latency at");
    }

    @Test
    void what_was_not_measured_has_no_chart() throws IOException {
        written("RESULTS.md");

        assertThat(directory.resolve("charts/mail-rate.svg")).doesNotExist();
    }

    private String written(String file) throws IOException {
        new Results(figures).write(directory, "By hand.\n");
        return Files.readString(directory.resolve(file));
    }
}
