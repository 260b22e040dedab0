package dev.outboxrelay.mail.run;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.outboxrelay.mail.MailWorker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator types, configured by a file to find a test's broker and database. */
final class Operating {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final Rig rig;
    private final Path directory;

    Operating(Rig rig, Path directory) {
        this.rig = rig;
        this.directory = directory;
    }

    /** What a command said. */
    record Result(int code, String out, String err) {}

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = MailWorker.execute(new PrintWriter(out), new PrintWriter(err), configured(arguments));
        return new Result(code, out.toString(), err.toString());
    }

    JsonNode json(String... arguments) {
        return new JsonMapper().readTree(run(arguments).out());
    }

    /** The same in a process of its own, at a terminal. */
    Terminal atTerminal(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script (util-linux) gives the terminal");
        return rig.terminal(directory.resolve("keyboard-" + UUID.randomUUID()), configured(arguments));
    }

    void awaitParked(int count) {
        await().atMost(WITHIN)
                .until(() -> json("status", "-o", "json")
                                .path("queues")
                                .path("mail.orders.parked")
                                .asInt()
                        == count);
    }

    private String[] configured(String... arguments) {
        Properties file = new Properties();
        file.putAll(rig.operatorSettings());
        try (Writer writer = Files.newBufferedWriter(directory.resolve("application.properties"))) {
            file.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stream.concat(
                        Stream.of(arguments), Stream.of("--spring.config.additional-location=file:" + directory + "/"))
                .toArray(String[]::new);
    }
}
