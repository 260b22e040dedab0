package dev.outboxrelay.relay.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** So many a second, evenly; what was missed by waiting for something else is not made up for. For one thread. */
final class Pace {

    /** A sleep that took too long is made up for. */
    private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(50);

    private final long interval;
    private long next = System.nanoTime();

    Pace(int perSecond) {
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Returns when it is the next one's turn. */
    void await() throws InterruptedException {
        long now = System.nanoTime();
        next = Math.max(next, now - SLACK);
        if (next > now) {
            TimeUnit.NANOSECONDS.sleep(next - now);
        }
        next += interval;
    }

    /** How long so many take at least. */
    Duration timeFor(long count) {
        return Duration.ofNanos(interval * count);
    }
}
