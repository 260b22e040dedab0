package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/** What README.md says of the configuration and of the states is what there is. */
class ReadmeTest {

    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final String BROKER = "spring.rabbitmq";

    @Test
    void the_table_names_every_property_that_there_is_with_its_default_and_no_other() throws Exception {
        Map<String, String> there = new TreeMap<>();
        add(there, "relay", RelayConfig.class);
        add(there, BROKER, BrokerSettings.class);
        Stream.of("url", "username", "password").forEach(name -> there.put("spring.datasource." + name, ""));
        PropertySource<?> yaml = new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .get(0);
        Stream.of("server.address", "server.port")
                .forEach(name -> there.put(name, String.valueOf(yaml.getProperty(name))));

        assertThat(documented()).isEqualTo(there);
    }

    /** That they bind as they are spelt there: SettingsTest. */
    @Test
    void the_table_names_the_environment_variable_of_each_property() throws Exception {
        rows("Configuration").forEach(cells -> {
            List<String> names = names(cells);
            List<String> variables = codes(cells[1]);
            assertThat(variables).hasSize(cells[1].contains("…") ? 1 : names.size());
            assertThat(variables.get(0)).hasSameSizeAs(names.get(0)); // in full
            for (int i = 0; i < variables.size(); i++) {
                String variable = names.get(i).replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
                assertThat(variable).endsWith(variables.get(i));
            }
        });
    }

    @Test
    void every_state_has_its_line_that_says_whether_it_is_ready() throws Exception {
        Map<String, Boolean> documented = rows("States")
                .collect(Collectors.toMap(cells -> codes(cells[0]).get(0), cells -> "yes".equals(cells[1].strip())));

        assertThat(documented)
                .isEqualTo(Arrays.stream(RelayState.values())
                        .collect(Collectors.toMap(RelayState::name, RelayState::isReady)));
    }

    private static void add(Map<String, String> properties, String prefix, Class<?> type) {
        for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
            String name = prefix + "."
                    + parameter.getName().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
            if (parameter.getType().isRecord()) {
                add(properties, name, parameter.getType());
            } else {
                DefaultValue given = parameter.getAnnotation(DefaultValue.class);
                properties.put(name, given == null ? "" : String.join(",", given.value()));
            }
        }
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        rows("Configuration").forEach(cells -> {
            List<String> names = names(cells);
            List<String> defaults = codes(cells[2]);
            for (int i = 0; i < names.size(); i++) {
                properties.put(names.get(i), i < defaults.size() ? defaults.get(i) : "");
            }
        });
        return properties;
    }

    private static List<String> names(String[] cells) {
        List<String> names = codes(cells[0]);
        String stem = names.get(0).substring(0, names.get(0).lastIndexOf('.'));
        return names.stream()
                .map(name -> name.startsWith(".") ? stem + name : name)
                .toList();
    }

    /** The cells of the first table under a heading, without those of its head. */
    private static Stream<String[]> rows(String heading) throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.equals("## " + heading))
                .dropWhile(line -> !line.startsWith("| `"))
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(2).split("\\|", -1));
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map(MatchResult::group)
                .map(code -> code.substring(1, code.length() - 1))
                .toList();
    }
}
