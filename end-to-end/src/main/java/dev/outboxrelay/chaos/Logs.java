package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A directory in the checkout for what the applications write. It stays unless it is deleted. */
record Logs(Path directory) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    static Logs make(Home home, long seed) {
        Path directory = home.root()
                .resolve(".state/chaos")
                .resolve(LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + "-seed-" + seed);
        try {
            return new Logs(Files.createDirectories(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + directory, e);
        }
    }

    /** Copies a server's log, if there is one. */
    void keep(Path log) {
        try {
            if (Files.exists(log)) {
                Files.copy(log, directory.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + log, e);
        }
    }

    /** Writes all of it into {@code evidence.json}. */
    void keep(Evidence evidence) {
        JsonMapper.shared().writeValue(directory.resolve("evidence.json").toFile(), evidence);
    }

    /** Deletes the directory and the files in it. */
    void delete() {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }
}
