package dev.outboxrelay.relay.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Work that must say what it did, however it ends: a signal that ends the process (Ctrl-C, SIGTERM) interrupts the thread that
 * does it, and gives it time to come to an end.
 */
final class Interruption implements AutoCloseable {

    private static final Duration TIME_TO_END = Duration.ofSeconds(15);

    private final CountDownLatch ended = new CountDownLatch(1);

    private Interruption() {}

    /**
     * From now until it is closed, in this thread.
     *
     * @param words told where it did not end in time
     */
    static Interruption watch(Consumer<String> words) {
        Interruption interruption = new Interruption();
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.interrupt(worker, words), "interruption"));
        return interruption;
    }

    private void interrupt(Thread worker, Consumer<String> words) {
        if (ended.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            if (!ended.await(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                words.accept("It did not end in time: how far it came is not known.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
