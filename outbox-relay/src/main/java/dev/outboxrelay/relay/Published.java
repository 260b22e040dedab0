package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells whether what stands in the outbox has been published: a row's age does not say so, and its table neither. */
record Published(Server server, Supplier<@Nullable Position> confirmed) {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * Waits until whatever is visible now has been confirmed by the broker: it is in the binlog before the end that is read here.
     *
     * @return false where that takes too long, since the relay is behind
     */
    boolean await() throws InterruptedException {
        Position end = server.currentPosition();
        long began = System.nanoTime();
        while (System.nanoTime() - began < LIMIT.toNanos()) {
            Position reached = confirmed.get();
            if (reached != null && server.isReached(end, reached)) {
                return true;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        return false;
    }
}
