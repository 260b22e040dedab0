package dev.outboxrelay.demo;

import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One application as a process of its own, on ports that it keeps over restarts. It dies with this JVM. */
public final class App implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Home home;
    private final String name;
    private final Path jar;
    private final Map<String, String> environment;
    private final Path log;
    private final URI management;
    private @Nullable ChildProcess process;

    /**
     * An application that is not started yet.
     *
     * @param name of its module
     * @param environment its configuration
     * @param management where its actuator will listen
     */
    App(Home home, String name, Map<String, String> environment, Path log, URI management) {
        this.home = home;
        this.name = name;
        this.jar = home.app(name);
        this.environment = new HashMap<>(environment);
        this.log = log;
        this.management = management;
    }

    /** Another instance with the same configuration, not started yet, that listens on this port of 127.0.0.1 instead. */
    public App another(int port) {
        Map<String, String> own = new HashMap<>(environment);
        own.put("SERVER_PORT", Integer.toString(port));
        return new App(
                home,
                name,
                own,
                log.resolveSibling(name + "-" + port + ".log"),
                URI.create("http://127.0.0.1:" + port));
    }

    /** Where its actuator listens. */
    public URI management() {
        return management;
    }

    /** The file that it writes to, over all its lives. */
    public Path log() {
        return log;
    }

    /** Sets one more variable, from the next start on. */
    public synchronized void set(String variable, String value) {
        environment.put(variable, value);
    }

    /** Its configuration, for one of its commands. */
    public synchronized Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Starts the process if it does not run, and returns without waiting for it to be ready. */
    public synchronized void launch() {
        if (!isRunning()) {
            process = ChildProcess.java(
                            name,
                            "@" + home.jvmOptions(name),
                            "-XX:SharedArchiveFile=" + jar.resolveSibling(name + ".jsa"),
                            "-jar",
                            jar.toString())
                    .env(environment)
                    .log(log)
                    .start();
        }
    }

    /**
     * Starts it if it does not run, and returns once it says that it is ready.
     *
     * @throws dev.outboxrelay.local.LocalServiceException if it ends or does not become ready; with the end of its log
     */
    public void start() {
        launch();
        awaitReady();
    }

    /** Returns once it says that it is ready. */
    public void awaitReady() {
        running().awaitHttpOk(management.resolve("/actuator/health/readiness"), READY_WITHIN);
    }

    /** Kills it with SIGKILL: it gets no chance to tidy up. Returns when it is gone. */
    public synchronized void kill() {
        if (process != null) {
            process.kill();
        }
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    public synchronized void stop() {
        if (process != null) {
            process.stop();
        }
    }

    /** Stops it from running while its sockets stay open (SIGSTOP). */
    public synchronized void freeze() {
        if (process != null) {
            process.freeze();
        }
    }

    /** Lets it run on after a freeze (SIGCONT). */
    public synchronized void thaw() {
        if (process != null) {
            process.thaw();
        }
    }

    public synchronized boolean isRunning() {
        return process != null && process.isRunning();
    }

    public long pid() {
        return running().pid();
    }

    /** Its metrics now; empty if it does not answer. */
    public Optional<Metrics> metrics() {
        return get("/actuator/prometheus").map(Metrics::parse);
    }

    /** What it says of its own health, whatever the status; empty if it does not answer. */
    public Optional<String> health() {
        return get("/actuator/health");
    }

    /** Stops it; its log stays. */
    @Override
    public void close() {
        stop();
    }

    private synchronized ChildProcess running() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    private Optional<String> get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(management.resolve(path))
                    .timeout(ANSWER_WITHIN)
                    .build();
            return Optional.of(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
