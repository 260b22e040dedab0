package dev.outboxrelay.local.junit;

import dev.outboxrelay.local.AtEnd;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One server for all tests of a JVM: started when first asked for, closed when the JVM ends, whatever the tests did. */
final class Shared<T extends AutoCloseable> {

    private final Supplier<T> starter;
    private @Nullable T server;
    private @Nullable RuntimeException failure;

    Shared(Supplier<T> starter) {
        this.starter = starter;
    }

    /** The server. One that could not be started is not tried again: all tests that need it fail at once. */
    synchronized T get() {
        if (failure != null) {
            throw failure;
        }
        T existing = server;
        if (existing != null) {
            return existing;
        }
        try {
            T started = starter.get();
            AtEnd.run(() -> close(started));
            server = started;
            return started;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    /** Begins to start the server, so that servers of several kinds start at the same time. */
    void startSoon() {
        Thread thread = new Thread(this::getQuietly, "shared-server-start");
        thread.setDaemon(true);
        thread.start();
    }

    /** A failure is kept for whoever asks for the server. */
    private void getQuietly() {
        try {
            get();
        } catch (RuntimeException keptForLater) {
            return;
        }
    }

    /** Does something to the server if it was ever asked for. */
    synchronized void ifStarted(Consumer<T> action) {
        if (server != null) {
            action.accept(server);
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Cannot close " + server, e);
        }
    }
}
