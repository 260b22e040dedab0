package dev.outboxrelay.bench.peer;

import com.rabbitmq.client.ConfirmListener;
import java.util.concurrent.Semaphore;

/** Lets so many messages be unconfirmed behind the oldest unconfirmed one. A nack ends the process: peers do not retry. */
final class ConfirmWindow implements ConfirmListener {

    private final int size;
    private final Semaphore permits;
    private final boolean[] confirmed;
    private long oldest = 1;

    ConfirmWindow(int size) {
        this.size = size;
        this.permits = new Semaphore(size);
        this.confirmed = new boolean[size];
    }

    /** Returns once one more message may be published. */
    void acquire() {
        permits.acquireUninterruptibly();
    }

    /** Returns once all that was published is confirmed; nothing may be published meanwhile. */
    void awaitAll() {
        permits.acquireUninterruptibly(size);
        permits.release(size);
    }

    @Override
    public void handleAck(long tag, boolean multiple) {
        for (long t = multiple ? oldest : tag; t <= tag; t++) {
            confirmed[(int) (t % size)] = true;
        }
        int freed = 0;
        while (confirmed[(int) (oldest % size)]) {
            confirmed[(int) (oldest % size)] = false;
            oldest++;
            freed++;
        }
        permits.release(freed);
    }

    @Override
    public void handleNack(long tag, boolean multiple) {
        System.err.println("The broker refused message " + tag);
        Runtime.getRuntime().halt(1);
    }
}
