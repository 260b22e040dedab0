package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The directory for the servers of this JVM: under {@code target} of the module whose tests run, else under the system's
 * temporary directory. It is deleted when the JVM ends; what JVMs that were killed left is deleted by the next one.
 */
public final class Scratch {

    private static final Path ROOT = root();
    private static final Path OURS = make();

    private Scratch() {}

    /** An absolute path under which the caller may make what it likes. */
    public static Path directory() {
        return OURS;
    }

    private static Path root() {
        Path target = Path.of("target");
        Path parent = Files.isDirectory(target)
                ? target
                : Path.of(System.getProperty("java.io.tmpdir"), "outbox-relay-" + System.getProperty("user.name"));
        return parent.resolve("local-services").toAbsolutePath();
    }

    private static Path make() {
        OsProcess self = OsProcess.of(ProcessHandle.current());
        Path directory = ROOT.resolve(self.pid() + "-" + self.startedAt().toEpochMilli());
        try {
            Files.createDirectories(directory);
            sweep();
        } catch (IOException e) {
            throw new LocalServiceException("Cannot make %s: %s".formatted(directory, Disk.explain(e)), e);
        }
        AtEnd.last(() -> Trees.delete(directory));
        return directory;
    }

    private static void sweep() throws IOException {
        try (Stream<Path> directories = Files.list(ROOT)) {
            directories.filter(Scratch::isAbandoned).forEach(Trees::delete);
        }
    }

    private static boolean isAbandoned(Path directory) {
        String[] pidAndStart = String.valueOf(directory.getFileName()).split("-", 2);
        return OsProcess.find(Long.parseLong(pidAndStart[0]), Instant.ofEpochMilli(Long.parseLong(pidAndStart[1])))
                .isEmpty();
    }
}
