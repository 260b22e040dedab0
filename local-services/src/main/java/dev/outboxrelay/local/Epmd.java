package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Erlang's port mapper, of our own: on loopback, on a port that no other Erlang of the machine uses, and in our hands, so
 * that it is neither shared with a stranger nor left behind. It runs while it has users.
 */
final class Epmd {

    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Path directory;
    private final Life life;
    private final ServerFile file;
    private final ServerProcess process;
    private final Set<String> users = new HashSet<>();

    /** The mapper that lives in that directory, running or not. */
    Epmd(Path directory, Life life) {
        this.directory = directory;
        this.life = life;
        this.file = ServerFile.in(directory);
        this.process = new ServerProcess("epmd", file, log(), WITHIN, WITHIN);
    }

    /** The one for all nodes that die with this JVM; they can form a cluster. */
    static Epmd ofThisJvm() {
        return Shared.EPMD;
    }

    /** Starts the mapper if it does not run. Returns its port. */
    synchronized int acquire(String node) {
        if (!process.isRunning()) {
            start();
        }
        users.add(node);
        return port();
    }

    /** Ends the mapper with its last user. */
    synchronized void release(String node) {
        users.remove(node);
        if (users.isEmpty()) {
            process.kill();
            Trees.delete(directory);
        }
    }

    private void start() {
        Path program = Executable.find("epmd")
                .orElseThrow(() -> new LocalServiceException("Erlang's epmd is not on the PATH"));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot make %s: %s".formatted(directory, Disk.explain(e)), e);
        }
        file.set("port", Ports.free()).save();
        List<String> command = List.of(program.toString(), "-port", Integer.toString(port()), "-address", "127.0.0.1");
        process.start(new Launch(command, environment -> {}, directory, log(), life), () -> Ports.accepts(port()));
    }

    private int port() {
        return file.port("port");
    }

    private Path log() {
        return directory.resolve("epmd.log");
    }

    private static final class Shared {
        static final Epmd EPMD = new Epmd(Scratch.directory().resolve("epmd"), Life.OURS);
    }
}
