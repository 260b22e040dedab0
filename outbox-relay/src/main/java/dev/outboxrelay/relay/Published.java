package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells when what stands in the outbox has been published: a row's age does not say so, and its table neither. */
record Published(Server server, Supplier<@Nullable Position> confirmed) {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Waits until whatever is visible now has been confirmed by the broker: it is in the binlog before the end that is read here. */
    void await() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Position end = server.currentPosition();
        Position reached = confirmed.get();
        while (reached == null || !server.isReached(end, reached)) {
            Thread.sleep(PAUSE.toMillis());
            reached = confirmed.get();
        }
    }
}
