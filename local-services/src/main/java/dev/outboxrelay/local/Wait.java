package dev.outboxrelay.local;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A bounded wait for something that can only be asked about, such as another process. */
record Wait(Duration limit) {

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    static Wait upTo(Duration limit) {
        return new Wait(limit);
    }

    /**
     * Asks until the answer is yes or the time is up; asks at least once.
     *
     * @return the last answer
     * @throws LocalServiceException if the thread is interrupted; its interrupt flag stays set
     */
    boolean until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(pause);
            if (Thread.currentThread().isInterrupted()) {
                throw new LocalServiceException("Interrupted while waiting");
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE.toNanos());
        }
        return true;
    }
}
