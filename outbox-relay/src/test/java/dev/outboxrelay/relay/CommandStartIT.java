package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a command starts: a process of its own, and as little in it as it needs. */
class CommandStartIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @TempDir
    Path directory;

    @Test
    void no_command_starts_a_spring_context_or_a_web_server_and_those_that_read_no_binlog_no_debezium()
            throws Exception {
        Stage stage = stages.stage();
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);
        stage.take(1);
        stage.stopRelays();

        for (String command : List.of("offsets history", "offsets export", "quarantine list", "completion bash")) {
            assertThat(loaded(0, command))
                    .as(command)
                    .contains("picocli.CommandLine")
                    .noneMatch(CommandStartIT::isContextOrServer)
                    .noneMatch(name -> name.startsWith("io.debezium."));
        }
        for (String command : List.of(
                "offsets show",
                "lag",
                "doctor",
                "events show " + id,
                "events tail --no-follow",
                "offsets rewind --dry-run --to-event " + id)) {
            assertThat(loaded(0, command))
                    .as(command)
                    .contains("picocli.CommandLine")
                    .noneMatch(CommandStartIT::isContextOrServer);
        }
        assertThat(loaded(2, "run --relay.name=no=spaces"))
                .as("the sidecar, by the same measure")
                .anyMatch(CommandStartIT::isContextOrServer);
    }

    private static boolean isContextOrServer(String name) {
        return name.endsWith("ApplicationContext")
                || name.equals("org.springframework.boot.SpringApplication")
                || name.startsWith("org.apache.catalina.");
    }

    /** Names of the classes that a command's process has loaded when it ends. */
    private List<String> loaded(int exitCode, String command) throws IOException {
        Path log = directory.resolve("classes");
        try (ChildProcess process = ChildProcess.java(
                        "outbox-relay",
                        Stream.concat(
                                        Stream.of(
                                                "-XX:TieredStopAtLevel=1",
                                                "-XX:+UseSerialGC",
                                                "-XX:SharedArchiveFile="
                                                        + RelayProcess.JAR.resolveSibling("outbox-relay.jsa"),
                                                "-Xlog:disable",
                                                "-Xlog:class+load:file=" + log + ":none",
                                                "-jar",
                                                RelayProcess.JAR.toString()),
                                        Stream.of(command.split(" ")))
                                .toArray(String[]::new))
                .env(RelayProcess.environment(stages.stage()))
                .start()) {
            assertThat(process.awaitExit(Stage.PATIENCE))
                    .as("%s: %s", command, process.output())
                    .isEqualTo(exitCode);
        }
        return Files.readAllLines(log).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }
}
