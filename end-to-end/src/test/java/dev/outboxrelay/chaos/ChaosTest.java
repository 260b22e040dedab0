package dev.outboxrelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ChaosTest {

    @ParameterizedTest
    @CsvSource({
        "--for=10, --for, '10', 90s or 10m",
        "--for=0s, --for, '0s', from 1s to 24h",
        "--for=25h, --for, '25h', from 1s to 24h",
        "--seed=x, --seed, 'x', long",
        "--rate=0, --rate, 0.0, above 0",
        "--rate=-1, --rate, -1.0, above 0",
        "--rate=101, --rate, 101.0, up to 100",
        "--output=xml, --output, 'xml', 'text, json'",
        "now, now, now, now"
    })
    void bad_input_is_refused_with_code_2_and_named_with_its_value_and_what_to_give(
            String argument, String name, String value, String fix) {
        Ran ran = run(argument);

        assertThat(ran.exitCode).isEqualTo(2);
        assertThat(ran.err).contains(name, value, fix);
        assertThat(ran.out).isEmpty();
    }

    @Test
    void help_names_every_option_and_exit_code() {
        Ran ran = run("--help");

        assertThat(ran.exitCode).isZero();
        assertThat(ran.out).contains("--for=TIME", "--seed=N", "--rate=R", "--output=FORMAT", "Exit codes:", "130");
    }

    @ParameterizedTest
    @CsvSource({"90s, PT1M30S", "10m, PT10M", "24h, PT24H"})
    void a_length_of_time_is_a_number_and_its_unit(String text, Duration meant) {
        assertThat(new Lengths().convert(text)).isEqualTo(meant);
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Chaos.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
