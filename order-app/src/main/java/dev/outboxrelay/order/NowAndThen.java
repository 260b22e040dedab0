package dev.outboxrelay.order;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Tells of what may happen many times a second with a line now and then: one for each would fill the disk. */
final class NowAndThen {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Logger log;
    private final String line;
    private final Clock clock;
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong();

    /** @param line with a place for how often it happened since the last one, and another for the failure */
    NowAndThen(Logger log, String line, Clock clock) {
        this.log = log;
        this.line = line;
        this.clock = clock;
    }

    void note(Throwable failure) {
        long count = untold.incrementAndGet();
        long now = clock.millis();
        long next = nextLine.get();
        if (now >= next && nextLine.compareAndSet(next, now + BETWEEN_LINES.toMillis())) {
            untold.addAndGet(-count);
            log.warn(line, count, Failures.describe(failure));
        }
    }
}
