package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CommandLine commandLine = new CommandLine(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void settings_alone_start_the_app() {
        assertThat(commandLine.answer()).isEmpty();
        assertThat(commandLine.answer("--server.port=0", "--order-app.tokens[0].subject=a b", "--a="))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    void who_asks_is_answered_on_standard_output_and_nothing_is_started(String option) {
        assertThat(commandLine.answer("--server.port=0", option)).hasValue(0);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("order-app");
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--anything", "-x", "--server.port"})
    void what_is_no_setting_is_named_and_ends_with_2(String option) {
        assertThat(commandLine.answer("--server.port=0", option)).hasValue(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("unknown: " + option + ".")
                .contains("--help");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--spring.datasource.password s3cret | unknown: --spring.datasource.password and 1 more.",
                "--spring.datasource.password -s3cret | unknown: --spring.datasource.password and 1 more.",
                "-Dspring.datasource.password=s3cret | unknown: -Dspring.datasource.password.",
                "s3cret | unknown: an argument without a name."
            })
    void what_may_be_a_secret_is_not_repeated(String arguments, String word) {
        assertThat(commandLine.answer(arguments.split(" "))).hasValue(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(word).doesNotContain("s3cret");
    }
}
