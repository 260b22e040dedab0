package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.Progress;
import java.time.Duration;

/** The wait until the mail worker is done with every event of the outbox. */
final class Settling {

    /** So long without any of them getting done, none will be. Longer than it takes until a lost one is published again. */
    private static final Duration STALLED_AFTER = Duration.ofMinutes(2);

    private static final Duration GLANCE = Duration.ofMillis(500);

    private final Books books;
    private final Progress progress;

    Settling(Books books, Progress progress) {
        this.books = books;
        this.progress = progress;
    }

    /** Returns once nothing is open, or nothing has changed for two minutes, which it says. */
    void await() throws InterruptedException {
        int fewest = Integer.MAX_VALUE;
        long changedAt = System.nanoTime();
        int open = books.open().size();
        while (open > 0 && System.nanoTime() - changedAt < STALLED_AFTER.toNanos()) {
            if (open < fewest) {
                fewest = open;
                changedAt = System.nanoTime();
            }
            progress.update("%d events not mailed yet".formatted(open));
            Thread.sleep(GLANCE.toMillis());
            open = books.open().size();
        }
        if (open > 0) {
            progress.say("%d events are not mailed, and nothing has changed for %d s"
                    .formatted(open, STALLED_AFTER.toSeconds()));
        }
    }
}
