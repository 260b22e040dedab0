package dev.outboxrelay.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * What to start and how.
 *
 * @param environment changes the environment inherited from this JVM
 * @param log takes standard output and standard error, appended
 */
record Launch(List<String> command, Consumer<Map<String, String>> environment, Path directory, Path log, Life life) {

    /**
     * Linux sends the parent-death signal when the thread that forked ends, so all processes are forked by one thread that
     * lives as long as the JVM.
     */
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "local-services-forker");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts the process; its id is the one of the command itself, not of a wrapper. */
    Process start() {
        ProcessBuilder builder = new ProcessBuilder(wrapped())
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        environment.accept(builder.environment());
        if (life == Life.ITS_OWN) {
            builder.environment().put(Leftovers.MARK, directory.toString());
        }
        try {
            return FORKER.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new LocalServiceException("Cannot run %s: %s".formatted(command.get(0), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServiceException("Interrupted while starting " + command.get(0), e);
        }
    }

    private List<String> wrapped() {
        List<String> wrapper =
                switch (life) {
                    case OURS ->
                        Executable.find("setpriv")
                                .map(setpriv -> List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"))
                                .orElse(List.of());
                    case ITS_OWN ->
                        Executable.find("setsid")
                                .map(setsid -> List.of(setsid.toString(), "--"))
                                .orElse(List.of());
                };
        List<String> all = new ArrayList<>(wrapper);
        all.addAll(command);
        return all;
    }

    /** Runs a short-lived command to its end, its output in the log. */
    int run() throws IOException {
        try {
            return start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while running " + command.get(0), e);
        }
    }
}
