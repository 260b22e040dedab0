package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.App;
import dev.outboxrelay.demo.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Messages that RabbitMQ has confirmed are deleted from the mail worker's queues: they pile up while the workers are stopped, are
 * purged, and the workers start again. Mails that wait are left alone: of those the worker has told the relay that it need not
 * worry for an hour.
 */
final class Purge {

    private static final List<String> QUEUES =
            IntStream.range(0, 8).mapToObj(number -> "mail.orders." + number).toList();

    private static final int ENOUGH = 20;
    private static final Duration PILED_UP_WITHIN = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Rig rig;
    private final Books books;
    private final Witness broker;
    private final Progress progress;
    private final Set<String> purged = ConcurrentHashMap.newKeySet();

    Purge(Rig rig, Books books, Witness broker, Progress progress) {
        this.rig = rig;
        this.books = books;
        this.broker = broker;
        this.progress = progress;
    }

    Fault fault() {
        return new Fault("purge", "mail.orders.*", this::pileUp, this::purge, true);
    }

    /** Events that may have been in a queue when it was purged. */
    Set<String> purged() {
        return Set.copyOf(purged);
    }

    /** Until there is something to purge, or nobody orders. */
    private void pileUp() {
        rig.workers().values().forEach(App::stop);
        long deadline = System.nanoTime() + PILED_UP_WITHIN.toNanos();
        while (books.open().size() < ENOUGH && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private void purge() {
        long waiting = books.waiting();
        int messages = waiting == 0 ? broker.purge(QUEUES) : 0;
        if (messages > 0) {
            purged.addAll(books.open());
        }
        progress.say("               %d messages purged, %d mails were waiting".formatted(messages, waiting));
        rig.workers().values().forEach(App::launch);
    }
}
