package dev.outboxrelay.order;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many commands at a time go to MySQL or wait for it, and sends the others away at once: a database that is slow must
 * not gather all threads of the app behind it.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Semaphore places;
    private final Clock clock;
    private final AtomicLong sentAway = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong();

    Admission(int places, Clock clock) {
        this.places = new Semaphore(places);
        this.clock = clock;
    }

    /** @throws OverloadedException where all places are taken; nothing was done then */
    <T> T admit(Supplier<T> command) {
        try {
            return enter(command);
        } catch (RuntimeException e) {
            if (Failures.isTemporary(e)) {
                note(e);
            }
            throw e;
        }
    }

    private <T> T enter(Supplier<T> command) {
        if (!places.tryAcquire()) {
            throw new OverloadedException();
        }
        try {
            return command.get();
        } finally {
            places.release();
        }
    }

    /** One line now and then: while MySQL is away, a line for every command would fill the disk. */
    private void note(RuntimeException e) {
        long count = sentAway.incrementAndGet();
        long now = clock.millis();
        long next = nextLine.get();
        if (now >= next && nextLine.compareAndSet(next, now + BETWEEN_LINES.toMillis())) {
            sentAway.addAndGet(-count);
            LOG.warn("{} commands could not be stored, callers are told to try again: {}", count, Failures.describe(e));
        }
    }
}
