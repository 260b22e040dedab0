package dev.outboxrelay.order;

import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Lets so many commands at a time go to MySQL or wait for it, and sends the others away at once: a database that is slow must
 * not gather all threads of the app behind it.
 */
final class Admission {
    private final Semaphore places;
    private final NowAndThen sentAway;

    Admission(int places, Clock clock) {
        this.places = new Semaphore(places);
        this.sentAway = new NowAndThen(
                LoggerFactory.getLogger(Admission.class),
                "{} commands could not be stored, callers are told to try again: {}",
                clock);
    }

    /** @throws OverloadedException where all places are taken; nothing was done then */
    <T> T admit(Supplier<T> command) {
        try {
            return enter(command);
        } catch (RuntimeException e) {
            if (Failures.isTemporary(e)) {
                sentAway.note(e);
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
}
