package dev.outboxrelay.demo;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Starts a demo that outlives this process, and ends it. */
final class Background {

    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(90);

    private final DetachedDemo demo;
    private final PrintStream out;
    private final PrintStream err;

    Background(DetachedDemo demo, PrintStream out, PrintStream err) {
        this.demo = demo;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it, shows what it writes, and returns its exit code once everything is ready; says so if it runs already.
     *
     * @param arguments of the demo that is to run in the background
     */
    int start(Home home, List<String> arguments) {
        if (demo.isRunning()) {
            err.println("The demo runs already; bin/demo --env prints its addresses, bin/demo --stop ends it.");
            return 0;
        }
        demo.forget();
        try {
            Files.deleteIfExists(demo.log());
            Process process = new ProcessBuilder(command(home, arguments))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(demo.log().toFile())
                    .start();
            follow(process);
            if (demo.exitCode().isEmpty()) {
                err.println("The demo did not come up; what it wrote is in " + demo.log());
                return 1;
            }
            out.print(demo.report());
            return demo.exitCode().get();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the demo in the background", e);
        }
    }

    /** Ends it and returns when nothing of it is left; says so if it does not run. */
    int stop() {
        if (!demo.isRunning()) {
            demo.forget();
            err.println("The demo does not run.");
            return 0;
        }
        ProcessHandle process = demo.process()
                .orElseThrow(() -> new IllegalStateException("The demo is only just starting; try again"));
        process.destroy();
        if (!hasEnded(process)) {
            process.destroyForcibly();
            hasEnded(process);
        }
        demo.forget();
        err.println("The demo has ended.");
        return 0;
    }

    private static boolean hasEnded(ProcessHandle process) {
        try {
            process.onExit().get(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A session of its own where the system has one, so that it survives the terminal. */
    private static List<String> command(Home home, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("-Ddemo.home=" + home.root());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Demo.class.getName(), "--in-background"));
        command.addAll(arguments);
        return command;
    }

    private void follow(Process process) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(demo.log().toFile(), "r")) {
            boolean last;
            do {
                last = demo.exitCode().isPresent() || !process.isAlive();
                byte[] fresh = new byte[(int) (log.length() - log.getFilePointer())];
                log.readFully(fresh);
                err.write(fresh);
                err.flush();
                LockSupport.parkNanos(GLANCE.toNanos());
            } while (!last);
        }
    }
}
