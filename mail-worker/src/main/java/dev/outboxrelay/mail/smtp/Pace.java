package dev.outboxrelay.mail.smtp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * At most so many mails per second. When the server asks for less, the distance between mails doubles; every mail that
 * it takes brings it a tenth nearer to what was configured.
 */
final class Pace {
    private static final long FIRST_SLOWING = Duration.ofMillis(100).toNanos();
    private static final long SLOWEST = Duration.ofSeconds(5).toNanos();

    private final long configured;
    private long distance;
    private long next = System.nanoTime();

    /** @param perSecond 0 is without limit */
    Pace(int perSecond) {
        configured = perSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / perSecond;
        distance = configured;
    }

    /** Waits for this mail's turn; false, at once, if that would come after {@code endNanos}. */
    boolean await(long endNanos) throws InterruptedException {
        long wait;
        synchronized (this) {
            if (distance == 0) {
                return true;
            }
            long now = System.nanoTime();
            long turn = next - now > 0 ? next : now;
            if (turn - endNanos > 0) {
                return false;
            }
            next = turn + distance;
            wait = turn - now;
        }
        TimeUnit.NANOSECONDS.sleep(wait);
        return true;
    }

    synchronized void slowDown() {
        distance = Math.min(SLOWEST, Math.max(FIRST_SLOWING, distance * 2));
    }

    synchronized void taken() {
        if (distance > configured) {
            long nearer = distance - distance / 10;
            distance = nearer - configured < FIRST_SLOWING / 100 ? configured : Math.max(configured, nearer);
        }
    }
}
