package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExportLinesTest {

    @Test
    void a_shell_gets_back_exactly_the_value_whatever_is_in_it() throws IOException {
        String value = "it's $HOME; `id` \"x\" \\ 龙";

        String lines = ExportLines.of(Map.of("VALUE", value));

        Process shell = new ProcessBuilder("sh", "-c", lines + "printf %s \"$VALUE\"").start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(value);
    }
}
