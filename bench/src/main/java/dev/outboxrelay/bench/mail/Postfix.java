package dev.outboxrelay.bench.mail;

import dev.outboxrelay.bench.Cache;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.LocalServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Postfix's test programs, smtp-sink and smtp-source: those of the machine, or those of Debian's package, unpacked into the
 * cache and not installed, so that no mail server is set up.
 *
 * @param root what lies above {@code usr/sbin}
 */
record Postfix(Path root) {

    private static final Path MACHINE = Path.of("/");
    private static final Duration WITHIN = Duration.ofMinutes(3);

    /**
     * Where they are, downloaded now if need be; empty, with a sentence, if they can't be had.
     *
     * @param download whether they may be
     */
    static Optional<Postfix> find(boolean download, Words words) {
        Postfix cached = new Postfix(Cache.directory().resolve("postfix"));
        try {
            if (new Postfix(MACHINE).isThere()) {
                return Optional.of(new Postfix(MACHINE));
            }
            if (!cached.isThere()) {
                if (!download) {
                    words.say("smtp-sink is left out: Postfix's test programs are not on this machine");
                    return Optional.empty();
                }
                words.say("downloading Postfix's test programs (once, 2 MB)");
                cached.unpack();
            }
            return cached.starts(words) ? Optional.of(cached) : Optional.empty();
        } catch (LocalServiceException e) {
            words.say("smtp-sink is left out, since Debian's package postfix can't be had: " + e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack Postfix into " + cached.root(), e);
        }
    }

    /** The program of that name, about to be started. */
    ChildProcess.Builder program(String name, String... arguments) {
        return ChildProcess.command(name, path(name).toString())
                .args(arguments)
                .env("LD_LIBRARY_PATH", root.resolve("usr/lib/postfix"));
    }

    private boolean isThere() {
        return Files.isExecutable(path("smtp-sink")) && Files.isExecutable(path("smtp-source"));
    }

    /** It does not where a library of the system is missing. */
    private boolean starts(Words words) {
        try (ChildProcess process = program("smtp-sink").start()) {
            process.awaitExit(WITHIN);
            boolean usage = process.output().contains("usage:");
            if (!usage) {
                words.say("smtp-sink is left out, since it does not start: "
                        + process.output().strip());
            }
            return usage;
        }
    }

    private void unpack() throws IOException {
        Path directory = Files.createDirectories(root.resolveSibling("postfix.download"));
        run(ChildProcess.command("apt-get", "apt-get", "-q", "download", "postfix")
                .directory(directory));
        Path unfinished = Files.createDirectories(root.resolveSibling("postfix.unfinished"));
        try (Stream<Path> downloaded = Files.list(directory)) {
            Path archive = downloaded
                    .filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new LocalServiceException("apt-get has left no file in " + directory));
            run(ChildProcess.command("dpkg", "dpkg", "-x", archive.toString(), unfinished.toString()));
            Files.delete(archive);
        }
        Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void run(ChildProcess.Builder command) {
        try (ChildProcess process = command.start()) {
            if (process.awaitExit(WITHIN) != 0) {
                throw new LocalServiceException(process.output().strip());
            }
        }
    }

    private Path path(String program) {
        return root.resolve("usr/sbin").resolve(program);
    }
}
