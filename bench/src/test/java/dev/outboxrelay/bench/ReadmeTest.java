package dev.outboxrelay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the project says of its speed is what the bench has found. */
final class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Figures with a unit that only the bench can have measured. */
    private static final Pattern MEASURED = Pattern.compile("(\\d[\\d,.]*) ?(×|(msgs|mails|orders|messages)/s|µs)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "order-app/README.md", "outbox-relay/README.md", "mail-worker/README.md"})
    void a_measured_figure_in_a_readme_stands_in_the_results(String readme) throws IOException {
        String results = Files.readString(ROOT.resolve("bench/RESULTS.md"));
        List<String> figures = MEASURED.matcher(Files.readString(ROOT.resolve(readme)))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(figures)
                .allSatisfy(figure -> assertThat(results).containsPattern("(?<![\\d.,])" + Pattern.quote(figure)));
    }

    @Test
    void a_chart_in_the_readme_is_one_of_the_results() throws IOException {
        String results = Files.readString(ROOT.resolve("bench/RESULTS.md"));
        List<String> charts = Pattern.compile("\\(bench/(charts/[^)]+)\\)")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(charts).isNotEmpty().allSatisfy(chart -> {
            assertThat(results).contains("(" + chart + ")");
            assertThat(ROOT.resolve("bench").resolve(chart)).exists();
        });
    }
}
