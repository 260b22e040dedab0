package dev.outboxrelay.local;

import java.time.Duration;

/** What happens to the bytes that go in one direction, for all connections of a proxy. */
final class Lane {

    private boolean frozen;
    private long delayNanos;

    synchronized void freeze() {
        frozen = true;
    }

    synchronized void delay(Duration by) {
        delayNanos = by.toNanos();
        notifyAll();
    }

    synchronized void heal() {
        frozen = false;
        delayNanos = 0;
        notifyAll();
    }

    /** Waits until bytes that came at that moment may go on. */
    synchronized void awaitTurn(long cameAtNanos) throws InterruptedException {
        while (true) {
            long left = cameAtNanos + delayNanos - System.nanoTime();
            if (frozen) {
                wait();
            } else if (left > 0) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } else {
                return;
            }
        }
    }
}
