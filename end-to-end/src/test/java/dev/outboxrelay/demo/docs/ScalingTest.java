package dev.outboxrelay.demo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/scaling.md: its figures are the bench's, its settings the applications'. */
class ScalingTest {

    private static final Path ROOT = Home.find().root();
    private static final Page SCALING = Page.read(ROOT.resolve("docs/scaling.md"));

    /** What only the bench can have measured. */
    private static final Pattern MEASURED =
            Pattern.compile("(\\d[\\d,.]*)(?: and (\\d[\\d,.]*))? (?:(?:msgs|mails|orders)/s|µs|ms, 99th)");

    private static final Pattern SETTING = Pattern.compile("`((?:relay|mail-worker|order-app)\\.[a-z.-]+)`");

    @Test
    void every_measured_figure_stands_in_the_results() {
        String results = Page.read(ROOT.resolve("bench/RESULTS.md")).text();
        List<String> figures = MEASURED.matcher(SCALING.text())
                .results()
                .flatMap(found -> Stream.of(found.group(1), found.group(2)))
                .filter(Objects::nonNull)
                .toList();

        assertThat(figures).hasSizeGreaterThan(10).allSatisfy(figure -> assertThat(results)
                .containsPattern("(?<![\\d.,])" + Pattern.quote(figure)));
    }

    @Test
    void every_setting_is_in_the_readme_of_its_application() {
        List<DocumentedSettings> known = Stream.of("outbox-relay", "mail-worker", "order-app")
                .map(DocumentedSettings::of)
                .toList();

        assertThat(SETTING.matcher(SCALING.text()).results().map(found -> found.group(1)))
                .hasSizeGreaterThan(8)
                .allMatch(setting -> known.stream().anyMatch(settings -> settings.has(setting)));
    }
}
