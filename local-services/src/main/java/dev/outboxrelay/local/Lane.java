package dev.outboxrelay.local;

import java.time.Duration;

/** What happens to the bytes that go in one direction, for all connections of a proxy. */
final class Lane {

    private boolean frozen;
    private long delayNanos;
    private long left = Long.MAX_VALUE;

    synchronized void freeze() {
        frozen = true;
    }

    synchronized void delay(Duration by) {
        delayNanos = by.toNanos();
        notifyAll();
    }

    synchronized void limit(long bytes) {
        left = bytes;
    }

    synchronized void heal() {
        frozen = false;
        delayNanos = 0;
        left = Long.MAX_VALUE;
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

    /** How many of so many bytes may still go on; where it is fewer, that was the limit. */
    synchronized int take(int bytes) {
        int taken = (int) Math.min(bytes, left);
        left = taken < bytes ? Long.MAX_VALUE : left - taken;
        return taken;
    }
}
