package dev.outboxrelay.relay;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.relay.cli.OutboxRelay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line of one stage's relay, by its own entry point, configured by a file as an operator would find it. */
final class Cli {

    private static final String[] JAVA = {
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:SharedArchiveFile=" + RelayProcess.JAR.resolveSibling("outbox-relay.jsa"),
        "-jar",
        RelayProcess.JAR.toString()
    };

    private final Stage stage;
    private final Path directory;

    /** @param directory for the configuration file */
    Cli(Stage stage, Path directory) {
        this.stage = stage;
        this.directory = directory;
    }

    Stage stage() {
        return stage;
    }

    Path directory() {
        return directory;
    }

    /** What a command said, and how it ended. */
    record Result(int code, String out, String err) {

        JsonNode json() {
            return parse(out);
        }

        /** Ids of the events that a move or a replay names, by its JSON. */
        List<String> events() {
            return json().path("events")
                    .valueStream()
                    .map(event -> event.path("id").asString())
                    .toList();
        }
    }

    static JsonNode parse(String json) {
        return JsonMapper.shared().readTree(json);
    }

    Result run(String... command) {
        return runAlone(configured(command));
    }

    /** As a process of its own, as it is shipped. */
    ChildProcess start(String... command) {
        // A shell that put the tests into the background may have had SIGINT ignored, and that is inherited.
        return ChildProcess.command(command[0], "env", "--default-signal=INT")
                .args(JAVA)
                .args(configured(command))
                .start();
    }

    /** The same with a terminal, at which somebody types that; {@code script} (util-linux) gives it. */
    ChildProcess startAtTerminal(String answer, Map<String, String> environment, String... command) {
        String line =
                Stream.concat(Stream.of(JAVA), Stream.of(configured(command))).collect(Collectors.joining(" "));
        return ChildProcess.command(
                        "terminal", "sh", "-c", "echo %s | script -qec '%s' /dev/null".formatted(answer, line))
                .env(environment)
                .start();
    }

    private String[] configured(String... command) {
        Properties file = new Properties();
        stage.properties.forEach((name, value) -> file.setProperty(name, value.toString()));
        try (var writer = Files.newBufferedWriter(directory.resolve("application.properties"))) {
            file.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stream.concat(
                        Stream.of(command), Stream.of("--spring.config.additional-location=file:" + directory + "/"))
                .toArray(String[]::new);
    }

    /** Without any configuration but that of the arguments. */
    static Result runAlone(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = OutboxRelay.execute(new PrintWriter(out), new PrintWriter(err), command);
        return new Result(code, out.toString(), err.toString());
    }

    /** Ctrl-C. */
    static void interrupt(ChildProcess process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill ended with " + code);
        }
    }
}
