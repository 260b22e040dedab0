package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code completion}, sourced by the shells that it is for. */
class CompletionTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void a_shell_completes_commands_and_options(String shell) throws Exception {
        assumeTrue(isThere(shell), shell + " is not installed");
        Path script = directory.resolve("completion");
        Cli.Result printed = Cli.runAlone("completion", shell);
        assertThat(printed.code()).isZero();
        Files.writeString(script, printed.out());

        assertThat(completed(shell, script, "off")).containsExactly("offsets");
        assertThat(completed(shell, script, "offsets", "re")).containsExactly("rewind");
        assertThat(completed(shell, script, "events", "")).contains("show", "tail", "republish");
        assertThat(completed(shell, script, "events", "republish", "--ra")).containsExactly("--rate");
        assertThat(completed(shell, script, "lag", "--output", "")).containsExactlyInAnyOrder("table", "json");
    }

    @Test
    void another_shell_is_refused_by_name() {
        assertThat(Cli.runAlone("completion", "fish")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("fish", "[bash, zsh]");
        });
    }

    /** What the shell offers for the last word. */
    private static List<String> completed(String shell, Path script, String... words)
            throws IOException, InterruptedException {
        String line = String.join(
                " ",
                Stream.concat(Stream.of("outbox-relay"), Stream.of(words))
                        .map(word -> "'" + word + "'")
                        .toList());
        return run(shell, "-c", """
                source "$0"
                [ -z "${ZSH_VERSION-}" ] || setopt KSH_ARRAYS SH_WORD_SPLIT # as bashcompinit has it
                COMP_WORDS=(%s); COMP_CWORD=%d
                _complete_outbox-relay
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(line, words.length), script.toString())
                .lines()
                .map(String::strip)
                // zsh is given all, and offers those that begin with the word.
                .filter(offer -> shell.equals("bash") || offer.startsWith(words[words.length - 1]))
                .filter(offer -> !offer.isEmpty())
                .toList();
    }

    private static boolean isThere(String shell) throws IOException, InterruptedException {
        return !run("sh", "-c", "command -v " + shell + " || true").isBlank();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s%n%s", String.join(" ", command), err)
                .isZero();
        return out;
    }
}
