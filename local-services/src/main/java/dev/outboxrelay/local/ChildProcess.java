package dev.outboxrelay.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process under test, such as one of the applications, that can be hurt. It dies with this JVM. Stopping, killing,
 * freezing and closing may happen in any state and any number of times.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(2);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(HTTP_TIMEOUT)
            .build();

    private final String name;
    private final Path log;
    private final Process process;
    private final OsProcess os;

    private ChildProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.os = OsProcess.of(process);
    }

    /** A process from a command; the name is for messages and for the log file. */
    public static Builder command(String name, String... command) {
        return new Builder(name, List.of(command));
    }

    /** A JVM of the same release as this one, with these arguments: options, then a class or {@code -jar} and a file. */
    public static Builder java(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return new Builder(name, command);
    }

    /** How to start a process. */
    public static final class Builder {

        private final String name;
        private final List<String> command;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private Path directory = Path.of("").toAbsolutePath();
        private Path log;

        private Builder(String name, List<String> command) {
            this.name = name;
            this.command = new ArrayList<>(command);
            this.log = Scratch.directory().resolve(name + "-" + Secrets.random().substring(0, 6) + ".log");
        }

        public Builder args(String... arguments) {
            command.addAll(List.of(arguments));
            return this;
        }

        /** Adds a variable to those inherited from this JVM. */
        public Builder env(String variable, Object value) {
            environment.put(variable, value.toString());
            return this;
        }

        public Builder env(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        public Builder directory(Path workingDirectory) {
            this.directory = workingDirectory;
            return this;
        }

        /** Where output goes, appended; else a file under {@link Scratch}. */
        public Builder log(Path file) {
            this.log = file;
            return this;
        }

        public ChildProcess start() {
            Launch launch = new Launch(command, inherited -> inherited.putAll(environment), directory, log, Life.OURS);
            return new ChildProcess(name, log, launch.start());
        }
    }

    /**
     * Waits until a GET of the address is answered with 200.
     *
     * @throws LocalServiceException if it is not in time, or if the process ends before; the message carries the end of
     *     the log
     */
    public void awaitHttpOk(URI address, Duration within) {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(HTTP_TIMEOUT).GET().build();
        boolean stopped = Wait.upTo(within).until(() -> !os.isRunning() || isOk(request));
        if (!stopped || !os.isRunning()) {
            throw new LocalServiceException("%s %s before %s answered 200. %s"
                    .formatted(name, stopped ? "ended" : "took " + within.toSeconds() + " s", address, Logs.tail(log)));
        }
    }

    /**
     * Waits for the process to end by itself.
     *
     * @return its exit code; 128 + n if signal n ended it
     * @throws LocalServiceException if it still runs after that time
     */
    public int awaitExit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LocalServiceException(
                        "%s still runs after %d s. %s".formatted(name, within.toSeconds(), Logs.tail(log)));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while waiting for " + name, e);
        }
    }

    /** Asks the process to end (SIGTERM) and kills it if it does not within a minute. Returns its exit code. */
    public int stop() {
        os.stop(STOP_WITHIN);
        return awaitExit(STOP_WITHIN);
    }

    /** Ends the process at once (SIGKILL). */
    public void kill() {
        os.kill();
    }

    /** SIGSTOP. */
    public void freeze() {
        os.freeze();
    }

    /** SIGCONT. */
    public void thaw() {
        os.thaw();
    }

    public boolean isRunning() {
        return os.isRunning();
    }

    public long pid() {
        return os.pid();
    }

    /** All that the process wrote so far. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LocalServiceException("Cannot read " + log, e);
        }
    }

    public Path log() {
        return log;
    }

    /** Kills the process; its log stays. */
    @Override
    public void close() {
        kill();
    }

    private static boolean isOk(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
