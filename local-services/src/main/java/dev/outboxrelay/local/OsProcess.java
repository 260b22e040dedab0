package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that we started, or found again by its id. A process id alone proves nothing, since ids are used again; the
 * moment at which the process started tells ours from another.
 */
final class OsProcess {

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(20);

    /** Linux counts the start from the boot, whose own time moves a little when the clock is set. */
    private static final Duration CLOCK_MOVES = Duration.ofSeconds(10);

    private final ProcessHandle handle;

    private OsProcess(ProcessHandle handle) {
        this.handle = handle;
    }

    static OsProcess of(ProcessHandle handle) {
        return new OsProcess(handle);
    }

    static OsProcess of(Process process) {
        return new OsProcess(process.toHandle());
    }

    /** The process with that id if it is the one that started at that moment; empty if it is gone. */
    static Optional<OsProcess> find(long pid, Instant startedAt) {
        return ProcessHandle.of(pid)
                .map(OsProcess::new)
                .filter(found -> isSameMoment(found.startedAt(), startedAt))
                .filter(OsProcess::isRunning);
    }

    private static boolean isSameMoment(Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(CLOCK_MOVES) < 0;
    }

    long pid() {
        return handle.pid();
    }

    /** When the process started; the epoch if the system does not tell. */
    Instant startedAt() {
        return handle.info().startInstant().orElse(Instant.EPOCH);
    }

    /** A process that ended but was not waited for by its parent is not running. */
    boolean isRunning() {
        return handle.isAlive() && !isZombie();
    }

    void kill() {
        handle.destroyForcibly();
        awaitEnd(KILLED_WITHIN);
    }

    /** Asks the process to end (SIGTERM), waits, and kills it if it does not. */
    void stop(Duration within) {
        thaw();
        handle.destroy();
        if (!awaitEnd(within)) {
            kill();
        }
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /** Waits for the end of the process; false if it still runs after that time. */
    boolean awaitEnd(Duration within) {
        return Wait.upTo(within).until(() -> !isRunning());
    }

    private void signal(String name) {
        if (!isRunning()) {
            return;
        }
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || (kill.exitValue() != 0 && isRunning())) {
                throw new LocalServiceException("Cannot send SIG" + name + " to process " + pid());
            }
        } catch (IOException e) {
            throw new LocalServiceException("Cannot send SIG" + name + " to process " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while signalling process " + pid(), e);
        }
    }

    /**
     * Whether all threads have ended, on Linux. The first thread of a process may end long before the last, which still
     * holds the process's ports.
     */
    private boolean isZombie() {
        Path process = Path.of("/proc", Long.toString(pid()));
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            String stat = Files.readString(process.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z' && threads.count() == 1;
        } catch (IOException notLinuxOrGone) {
            return false;
        }
    }
}
