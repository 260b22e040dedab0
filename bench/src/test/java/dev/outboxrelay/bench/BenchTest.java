package dev.outboxrelay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            relay --frobnicate          | Unknown option: '--frobnicate'
            rely                        | There is no part 'rely'; there are relay, growth, latency, orders, mail and all
            relay --rows 0              | --rows must be at least 1, not 0
            relay --rows many           | Invalid value for option '--rows': 'many' is not a long
            relay --rounds -1           | --rounds must be at least 1, not -1
            latency --rate 50,0         | --rate must be at least 1, not 0
            relay --peers maxwell       | --peers knows none, debezium-server, debezium-server-5ms-poll
            relay -o xml                | --output must be table or json
            """)
    void what_it_does_not_understand_is_named_before_anything_is_started(String arguments, String sentence) {
        assertThat(refused(arguments.split(" "))).contains(sentence);
    }

    @Test
    void results_that_cannot_be_written_are_refused_before_anything_is_measured() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));

        assertThat(refused("all", "--results", file.toString()))
                .contains("--results: " + file + " can't be written to");
    }

    private static String refused(String... arguments) {
        StringWriter words = new StringWriter();
        CommandLine bench = Bench.commandLine().setErr(new PrintWriter(words, true));
        assertThat(bench.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        return words.toString();
    }
}
