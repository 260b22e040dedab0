package dev.outboxrelay.mail.run;

import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A command and somebody at its keyboard. {@code script} (util-linux) gives the terminal, a named pipe the keyboard. */
final class Terminal implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final ChildProcess command;
    private final RandomAccessFile keyboard;

    private Terminal(ChildProcess command, RandomAccessFile keyboard) {
        this.command = command;
        this.keyboard = keyboard;
    }

    static Terminal start(Path pipe, List<String> command) throws IOException, InterruptedException {
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
            throw new IOException("no pipe at " + pipe);
        }
        // Open for both: so neither side waits for the other to open it.
        RandomAccessFile keyboard = new RandomAccessFile(pipe.toFile(), "rw");
        String script = "exec script -qec '%s' /dev/null <%s".formatted(String.join(" ", command), pipe);
        return new Terminal(ChildProcess.command("terminal", "sh", "-c", script).start(), keyboard);
    }

    /** Waits until it has asked that. */
    Terminal awaitQuestion(String question) {
        Awaitility.await()
                .atMost(WITHIN)
                .until(() -> command.output().contains(question)
                        && command.output().contains("type the queue's name (mail.orders.parked):"));
        return this;
    }

    void type(String line) throws IOException {
        keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for its end; returns its exit code. */
    int awaitExit() {
        return command.awaitExit(WITHIN);
    }

    String output() {
        return command.output();
    }

    @Override
    public void close() throws IOException {
        command.close();
        keyboard.close();
    }
}
