package dev.outboxrelay.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);

    @Test
    void off_a_terminal_there_are_plain_lines_of_what_has_happened_and_nothing_that_moves() {
        Progress progress = new Progress(out, false);

        progress.update("placed 1/2");
        progress.say("killed the relay");
        progress.update("placed 2/2");

        assertThat(written.toString(UTF_8)).isEqualTo("killed the relay" + System.lineSeparator());
    }

    @Test
    void on_a_terminal_a_state_takes_the_place_of_the_one_before_and_of_none_that_has_happened() {
        Progress progress = new Progress(out, true);

        progress.update("placed 1/2");
        progress.update("placed 2/2");
        progress.say("killed the relay");

        assertThat(written.toString(UTF_8))
                .isEqualTo("\r\033[Kplaced 1/2\r\033[Kplaced 2/2\r\033[Kkilled the relay" + System.lineSeparator());
    }
}
