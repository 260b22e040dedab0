package dev.outboxrelay.local;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * What must be known of a server to find it again from another JVM: ports, password, process. One file in its directory
 * that only the owner can read, replaced in one step.
 */
final class ServerFile {

    private static final String PID = "pid";
    private static final String STARTED_AT = "started-at";

    private final Path file;
    private final Properties values = new Properties();

    private ServerFile(Path file) {
        this.file = file;
    }

    /** Reads the file of that directory; an absent file has no values. */
    static ServerFile in(Path directory) {
        ServerFile state = new ServerFile(directory.resolve("server.properties"));
        if (Files.exists(state.file)) {
            try (Reader reader = Files.newBufferedReader(state.file)) {
                state.values.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + state.file, e);
            }
        }
        return state;
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(values.getProperty(key));
    }

    /** The value, which must have been written by us. */
    String require(String key) {
        return get(key).orElseThrow(() -> new LocalServiceException(file + " lacks " + key + "; delete its directory"));
    }

    int port(String key) {
        return Integer.parseInt(require(key));
    }

    ServerFile set(String key, Object value) {
        values.setProperty(key, value.toString());
        return this;
    }

    /** Remembers a port: the one wanted, or if that is 0 the one from last time or else any free one. */
    ServerFile setPort(String key, int wanted) {
        return wanted != 0 ? set(key, wanted) : setIfAbsent(key, () -> Integer.toString(Ports.free()));
    }

    ServerFile setIfAbsent(String key, Supplier<String> value) {
        return get(key).isPresent() ? this : set(key, value.get());
    }

    /** The process if it still runs. */
    Optional<OsProcess> process() {
        return get(PID).flatMap(pid -> OsProcess.find(Long.parseLong(pid), Instant.parse(require(STARTED_AT))));
    }

    void saveProcess(OsProcess process) {
        set(PID, process.pid()).set(STARTED_AT, process.startedAt()).save();
    }

    void save() {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            StringWriter text = new StringWriter();
            values.store(text, null);
            PrivateFile.write(fresh, text.toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot write %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
