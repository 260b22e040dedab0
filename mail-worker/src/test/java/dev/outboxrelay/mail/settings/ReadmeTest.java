package dev.outboxrelay.mail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ReadmeTest {
    private static final Pattern SETTING = Pattern.compile(
            "^\\| `(mail-worker\\.[a-z.-]+)` \\| `([A-Z_]+)` \\| (?:`(.+?)`|.*?) \\|", Pattern.MULTILINE);

    @Test
    void the_table_has_every_setting_and_no_other() throws IOException {
        SettingsReader reader = reader(Map.of());
        WorkerSettings.read(reader);

        assertThat(settings().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(reader.ours());
    }

    @Test
    void every_variable_is_that_of_its_setting() throws IOException {
        assertThat(settings()).allSatisfy(row -> assertThat(row.group(2))
                .isEqualTo(
                        row.group(1).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_')));
    }

    @Test
    void the_defaults_are_those_that_hold() throws IOException {
        Map<String, Object> told = settings()
                .filter(row -> row.group(3) != null)
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(3)));

        assertThat(WorkerSettings.read(reader(told))).isEqualTo(WorkerSettings.read(reader(Map.of())));
    }

    @Test
    void the_runbook_knows_every_reason() throws IOException {
        String runbook = Files.readString(Path.of("RUNBOOK.md"));

        assertThat(Stream.concat(
                        Arrays.stream(ParkReason.values()).map(Enum::name), Stream.of(ParkedMessage.DEAD_LETTERED)))
                .allSatisfy(reason -> assertThat(runbook).contains("`" + reason + "`"));
    }

    @Test
    void every_mail_is_shown_in_each_language() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        try (Stream<Path> templates = Files.list(Path.of("src/main/resources/mail"))) {
            List<String> mails = templates
                    .map(template -> template.getFileName().toString())
                    .filter(name -> name.startsWith("Order") && name.endsWith(".html"))
                    .map(name -> name.replace(".html", ""))
                    .toList();

            assertThat(mails)
                    .hasSize(4)
                    .flatMap(mail -> List.of("docs/" + mail + "-en.png", "docs/" + mail + "-zh.png"))
                    .allSatisfy(picture -> {
                        assertThat(readme).contains("(" + picture + ")");
                        assertThat(Path.of(picture)).isNotEmptyFile();
                    });
        }
    }

    private static Stream<MatchResult> settings() throws IOException {
        return SETTING.matcher(Files.readString(Path.of("README.md"))).results();
    }

    private static SettingsReader reader(Map<String, Object> more) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().addFirst(new MapPropertySource("readme", more));
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "required",
                        Map.of(
                                "spring.datasource.url", "jdbc:mysql://db/mail",
                                "spring.mail.host", "smtp.example.com",
                                "spring.mail.username", "shop")));
        return new SettingsReader(environment);
    }
}
