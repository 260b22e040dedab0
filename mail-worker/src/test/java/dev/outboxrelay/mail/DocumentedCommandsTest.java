package dev.outboxrelay.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.ParseResult;

/** What the documents tell people to type is understood; what it does is shown by {@code CommandsIT}. */
class DocumentedCommandsTest {
    private static final Pattern COMMAND =
            Pattern.compile("^bin/mail-worker ([a-z].*?)\\s*(?:#.*)?$", Pattern.MULTILINE);

    @ParameterizedTest
    @MethodSource("commands")
    void every_documented_command_can_be_parsed(String command) {
        ParseResult parsed = MailWorker.commandLine(Map.of()).parseArgs(command.split(" +"));

        assertThat(parsed.hasSubcommand()).isTrue();
    }

    static List<String> commands() throws IOException {
        return Stream.of("README.md", "RUNBOOK.md", "STATES.md", "../docs/operations.md")
                .map(Path::of)
                .flatMap(DocumentedCommandsTest::commands)
                .distinct()
                .toList();
    }

    private static Stream<String> commands(Path document) {
        try {
            return COMMAND.matcher(Files.readString(document)).results().map(found -> found.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + document, e);
        }
    }
}
