package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether what stands in the outbox has been published: a row's age does not say so, and its table neither. What is visible
 * at a moment is in the binlog before the end that is read after it.
 */
record Published(Server server, Supplier<@Nullable Position> confirmed) {

    private static final Duration FOREVER = Duration.ofDays(10_000);

    /** Waits until whatever is visible now has been confirmed by the broker. */
    void await(Duration pause) throws InterruptedException {
        await(pause, FOREVER);
    }

    /**
     * The same, but not for ever.
     *
     * @return false where that takes too long, since the relay is behind
     */
    boolean await(Duration pause, Duration limit) throws InterruptedException {
        Position end = server.currentPosition();
        long began = System.nanoTime();
        while (System.nanoTime() - began < limit.toNanos()) {
            Position reached = confirmed.get();
            if (reached != null && server.isReached(end, reached)) {
                return true;
            }
            Thread.sleep(pause.toMillis());
        }
        return false;
    }
}
