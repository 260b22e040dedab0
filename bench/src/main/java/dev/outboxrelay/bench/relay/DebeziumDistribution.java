package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Cache;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.LocalServiceException;
import dev.outboxrelay.local.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/** Debezium Server as Maven Central has it, unpacked once into the cache. */
final class DebeziumDistribution {

    static final String VERSION = "3.6.0.Final";

    private static final String ARTIFACT = "io.debezium:debezium-server-dist:" + VERSION + ":tar.gz";
    private static final String FILE = "debezium-server-dist-" + VERSION + ".tar.gz";

    /** A version that does not want the artifact's parent POM, which is not on Maven Central. */
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.10:copy";

    private static final Duration WITHIN = Duration.ofMinutes(10);

    private DebeziumDistribution() {}

    /** Its directory, unpacked already or now; empty, with a sentence, if it can't be had. */
    static Optional<Path> find(Words words) {
        Path home = Cache.directory().resolve("debezium-server-" + VERSION);
        if (Files.isDirectory(home)) {
            return Optional.of(home);
        }
        try {
            unpack(archive(words), home);
            return Optional.of(home);
        } catch (LocalServiceException e) {
            words.say("Debezium Server can't be downloaded: " + e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack Debezium Server into " + home, e);
        }
    }

    private static Path archive(Words words) {
        String repository = System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository");
        Path downloaded = Path.of(repository, "io/debezium/debezium-server-dist", VERSION, FILE);
        if (Files.exists(downloaded)) {
            return downloaded;
        }
        words.say("downloading Debezium Server (once, about 780 MB)");
        Path directory = Scratch.directory().resolve("debezium-download");
        run(ChildProcess.command(
                "maven", "mvn", "-q", "-B", COPY, "-Dartifact=" + ARTIFACT, "-DoutputDirectory=" + directory));
        return directory.resolve(FILE);
    }

    private static void unpack(Path archive, Path home) throws IOException {
        Path unfinished = Files.createDirectories(home.resolveSibling(home.getFileName() + ".unfinished"));
        run(ChildProcess.command(
                        "tar", "tar", "-xzf", archive.toString(), "-C", unfinished.toString(), "--strip-components=1")
                .args("--exclude=*/connectors/*", "--exclude=*/lib_opt/*", "--exclude=*/lib_metrics/*"));
        Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void run(ChildProcess.Builder command) {
        try (ChildProcess process = command.start()) {
            if (process.awaitExit(WITHIN) != 0) {
                throw new LocalServiceException(process.output().strip());
            }
        }
    }
}
