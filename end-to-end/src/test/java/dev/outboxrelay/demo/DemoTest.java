package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--order",
                "--orders=x",
                "--orders=0",
                "--rate=0",
                "--exit --detach",
                "--stop --env",
                "--env -o json",
                "-o xml",
                "now"
            })
    void a_usage_error_is_refused_with_code_2_before_anything_starts(String arguments) {
        Ran ran = run(arguments.split(" "));

        assertThat(ran.exitCode).isEqualTo(2);
        assertThat(ran.err).isNotBlank();
        assertThat(ran.out).isEmpty();
    }

    @Test
    void help_names_every_option_and_exit_code() {
        Ran ran = run("--help");

        assertThat(ran.exitCode).isZero();
        assertThat(ran.out)
                .contains(
                        "--orders=N",
                        "--rate=R",
                        "--output=FORMAT",
                        "--exit",
                        "--detach",
                        "--stop",
                        "--env",
                        "Exit codes:");
        assertThat(ran.out).doesNotContain("--in-background");
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Demo.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
