package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
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
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

class ReadmeTest {
    private static final Pattern SETTING = Pattern.compile(
            "^\\| `([a-z][a-z0-9.\\[\\]-]+)` \\| `([A-Z0-9_]+)` \\| (?:`(.+?)`|) *\\|", Pattern.MULTILINE);
    private static final String OURS = "order-app.";

    @Test
    void the_table_has_every_setting_of_ours_and_no_other() throws IOException {
        assertThat(settings().map(row -> row.group(1)).filter(name -> name.startsWith(OURS)))
                .containsExactlyInAnyOrderElementsOf(
                        names(OURS, OrderAppProperties.class).toList());
    }

    /** {@link PlaceOrderIT} has it, and calls it. */
    @Test
    void what_there_is_to_copy_is_code_that_runs() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String example =
                readme.substring(readme.indexOf("```java") + 7, readme.indexOf("```", readme.indexOf("```java") + 3));

        assertThat(Files.readString(Path.of("src/test/java/dev/outboxrelay/order/PlaceOrderIT.java")))
                .containsIgnoringWhitespaces(example);
    }

    @Test
    void every_variable_is_that_of_its_setting() throws IOException {
        assertThat(settings()).allSatisfy(row -> assertThat(row.group(2))
                .isEqualTo(row.group(1)
                        .replace("[0]", ".0")
                        .replace('-', '_')
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT)));
    }

    @Test
    void the_defaults_are_those_that_hold() throws IOException {
        Map<String, String> told = settings()
                .filter(row -> row.group(3) != null)
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(3)));
        PropertySource<?> file = new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .get(0);

        assertThat(properties(told)).isEqualTo(properties(Map.of()));
        told.keySet().removeIf(name -> name.startsWith(OURS));
        assertThat(told).allSatisfy((name, value) -> assertThat(String.valueOf(file.getProperty(name)))
                .as(name)
                .isEqualTo(value));
    }

    private static Stream<MatchResult> settings() throws IOException {
        return SETTING.matcher(Files.readString(Path.of("README.md"))).results();
    }

    private static OrderAppProperties properties(Map<String, String> told) {
        return new Binder(new MapConfigurationPropertySource(told))
                .bindOrCreate("order-app", Bindable.of(OrderAppProperties.class));
    }

    private static Stream<String> names(String prefix, Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).flatMap(component -> names(prefix, component));
    }

    private static Stream<String> names(String prefix, RecordComponent component) {
        String name = prefix + kebab(component.getName());
        if (component.getType() == List.class) {
            return names(name + "[0].", OrderAppProperties.Token.class);
        }
        return component.getType().isRecord() ? names(name + ".", component.getType()) : Stream.of(name);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
