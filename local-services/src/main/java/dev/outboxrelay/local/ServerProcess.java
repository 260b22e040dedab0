package dev.outboxrelay.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The process behind a server: at most one, remembered in the server's file so that another JVM finds it. All methods
 * may be called from several threads; only one of them acts at a time.
 */
final class ServerProcess {

    private final String name;
    private final ServerFile file;
    private final Path log;
    private final Duration startWithin;
    private final Duration stopWithin;
    private @Nullable OsProcess process;

    ServerProcess(String name, ServerFile file, Path log, Duration startWithin, Duration stopWithin) {
        this.name = name;
        this.file = file;
        this.log = log;
        this.startWithin = startWithin;
        this.stopWithin = stopWithin;
        this.process = file.process().orElse(null);
    }

    /** Starts the process unless it runs, and waits until it is ready; what is not ready in time is killed. */
    synchronized void start(Launch launch, BooleanSupplier ready) {
        if (isRunning()) {
            return;
        }
        OsProcess started = OsProcess.of(launch.start());
        process = started;
        file.saveProcess(started);
        boolean answered = false;
        try {
            answered = Wait.upTo(startWithin).until(() -> !started.isRunning() || ready.getAsBoolean())
                    && started.isRunning();
        } finally {
            if (!answered) {
                started.kill();
            }
        }
        if (!answered) {
            throw new LocalServiceException(
                    "%s did not start within %d s. %s".formatted(name, startWithin.toSeconds(), Logs.tail(log)));
        }
    }

    synchronized void stop() {
        running().ifPresent(running -> running.stop(stopWithin));
    }

    synchronized void kill() {
        running().ifPresent(OsProcess::kill);
    }

    synchronized void freeze() {
        running().ifPresent(OsProcess::freeze);
    }

    synchronized void thaw() {
        running().ifPresent(OsProcess::thaw);
    }

    synchronized boolean isRunning() {
        return running().isPresent();
    }

    synchronized long pid() {
        return running()
                .orElseThrow(() -> new IllegalStateException(name + " is not running"))
                .pid();
    }

    private Optional<OsProcess> running() {
        return Optional.ofNullable(process).filter(OsProcess::isRunning);
    }
}
