package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What deploy/secrets.sh made in a directory. */
record MadeSecrets(Path directory) {

    /** Runs the script as compose.yaml's first service does. */
    static MadeSecrets in(Path directory) {
        MadeSecrets secrets = new MadeSecrets(directory);
        secrets.make();
        return secrets;
    }

    void make() {
        Shell made = script("make");
        assertThat(made.exitCode()).as(made.output()).isZero();
    }

    Shell script(String... arguments) {
        Path root = Home.find().root();
        String[] command = Stream.concat(Stream.of("bash", "deploy/secrets.sh"), Stream.of(arguments))
                .toArray(String[]::new);
        Map<String, String> variables = Map.of(
                "SECRETS_DIR", directory.toString(),
                "DEFINITIONS", root.resolve("deploy/rabbitmq/definitions.json").toString());
        return Shell.run(root, variables, command);
    }

    String read(String path) {
        try {
            return Files.readString(directory.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("secrets.sh made no " + path, e);
        }
    }

    /** The files of one container, name and content. */
    Map<String, String> of(String service) {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve(service))) {
            all.forEach(file -> files.put(file.getFileName().toString(), read(service + "/" + file.getFileName())));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("secrets.sh made nothing for " + service, e);
        }
    }

    /** Everything, by path. */
    Map<String, String> all() {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.filter(Files::isRegularFile)
                    .map(directory::relativize)
                    .map(Path::toString)
                    .forEach(path -> files.put(path, read(path)));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + directory, e);
        }
    }
}
