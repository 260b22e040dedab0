package dev.outboxrelay.mail.rabbit;

import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.Membership;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every worker is active on its share of the partitions. Every worker consumes from every partition, so
 * one that dies is replaced by the broker at once; but who came first is active everywhere, and a worker that joins would
 * have nothing to do. So a worker that is active on a partition which belongs to another one steps back in the queue.
 */
final class Sharing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sharing.class);

    private final Membership members;
    private final int partitions;
    private final Consumer<List<Integer>> stepBack;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "sharing");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Does nothing before {@link #start}.
     *
     * @param stepBack told regularly which partitions belong to others
     */
    Sharing(Membership members, int partitions, Consumer<List<Integer>> stepBack) {
        this.members = members;
        this.partitions = partitions;
        this.stepBack = stepBack;
    }

    void start(Duration interval) {
        var unused = timer.scheduleWithFixedDelay(this::share, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void share() {
        try {
            stepBack.accept(notOurs(members.beat(), members.self(), partitions));
        } catch (ClaimsUnavailableException e) {
            log.debug("The partitions stay as they are: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("The partitions stay as they are", e); // thrown further it would end this for ever
        }
    }

    /** The partitions go round among the workers in the order in which they joined. */
    static List<Integer> notOurs(List<String> workers, String self, int partitions) {
        int place = workers.indexOf(self);
        if (place < 0) {
            return List.of();
        }
        return IntStream.range(0, partitions)
                .filter(number -> number % workers.size() != place)
                .boxed()
                .toList();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        members.leave();
    }
}
