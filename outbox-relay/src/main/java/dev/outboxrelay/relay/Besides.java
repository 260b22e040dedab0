package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What goes on beside a run, and looks at what it has published. */
final class Besides {

    /** The lease is not renewed meanwhile. What hangs in the database for longer publishes nothing any more. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<Thread> threads;

    private Besides(List<Thread> threads) {
        this.threads = threads;
    }

    /** @param confirmed the place up to which everything has been confirmed, or null while nothing has */
    static Besides start(Relay relay, Supplier<@Nullable Position> confirmed) {
        Published published = new Published(relay.outbox().server(), confirmed);
        List<Thread> started = new ArrayList<>();
        if (relay.config().janitor().enabled()) {
            started.add(Janitor.start(new Janitor(relay, published)));
        }
        if (relay.config().verification().isOn()) {
            started.add(Verifier.start(new Verifier(relay, published)));
        }
        return new Besides(started);
    }

    void interrupt() {
        threads.forEach(Thread::interrupt);
    }

    /** Waits for their end, but not long. */
    void await() throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
        }
    }
}
