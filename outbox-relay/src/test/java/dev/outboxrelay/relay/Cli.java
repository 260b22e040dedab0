package dev.outboxrelay.relay;

import dev.outboxrelay.relay.cli.OutboxRelay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line of one stage's relay, by its own entry point, configured by a file as an operator would find it. */
final class Cli {

    private final Stage stage;
    private final Path directory;

    /** @param directory for the configuration file */
    Cli(Stage stage, Path directory) {
        this.stage = stage;
        this.directory = directory;
    }

    /** What a command said, and how it ended. */
    record Result(int code, String out, String err) {

        JsonNode json() {
            return parse(out);
        }
    }

    static JsonNode parse(String json) {
        return JsonMapper.shared().readTree(json);
    }

    Result run(String... command) {
        Properties file = new Properties();
        stage.properties.forEach((name, value) -> file.setProperty(name, value.toString()));
        try (var writer = Files.newBufferedWriter(directory.resolve("application.properties"))) {
            file.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return runAlone(Stream.concat(
                        Stream.of(command), Stream.of("--spring.config.additional-location=file:" + directory + "/"))
                .toArray(String[]::new));
    }

    /** Without any configuration but that of the arguments. */
    static Result runAlone(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = OutboxRelay.execute(new PrintWriter(out), new PrintWriter(err), command);
        return new Result(code, out.toString(), err.toString());
    }
}
