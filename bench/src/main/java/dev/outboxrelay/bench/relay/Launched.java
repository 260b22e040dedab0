package dev.outboxrelay.bench.relay;

import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A process that was started.
 *
 * @param end ends it, and returns once it is gone
 */
record Launched(long pid, BooleanSupplier running, Path log, Runnable end) implements AutoCloseable {

    private static final int LAST_LINES = 10;

    static Launched of(ChildProcess process) {
        return new Launched(process.pid(), process::isRunning, process.log(), process::stop);
    }

    boolean isRunning() {
        return running.getAsBoolean();
    }

    /** The end of what it wrote. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "Its log can't be read: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        end.run();
    }
}
