package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From one connection to its end. Whatever goes wrong ends the run: all that was not acknowledged is the broker's again,
 * and the next run starts from the beginning.
 */
final class Run {
    private static final Logger log = LoggerFactory.getLogger(Run.class);
    private static final int CLOSE_TIMEOUT_MILLIS = 5000;

    private final Worksite site;
    private final List<Connection> connections;
    private final List<Partition> partitions = new ArrayList<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private final Connection consuming;
    private final Settler settler;
    private final Sharing sharing;
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(1, Run::daemon, new ThreadPoolExecutor.DiscardPolicy());
    private boolean closing;

    /** Why a run ended. */
    enum Cause {
        FAILED,
        PAUSED,
        STOPPED
    }

    record Ending(Cause cause, String reason) {}

    /** Connects, declares, consumes. */
    static Run open(Worksite site) throws IOException, TimeoutException {
        List<Connection> connections = new ArrayList<>();
        try {
            connections.add(site.connections().open("mail-worker"));
            connections.add(site.connections().open("mail-worker-forward"));
            Run run = new Run(site, connections);
            try {
                run.begin();
                return run;
            } catch (IOException | TimeoutException | AlreadyClosedException e) {
                run.close(Duration.ZERO);
                throw e;
            }
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            connections.forEach(connection -> connection.abort(CLOSE_TIMEOUT_MILLIS));
            throw e;
        }
    }

    /** Over two connections: one that consumes and one that publishes. */
    private Run(Worksite site, List<Connection> connections) throws IOException {
        this.site = site;
        this.connections = List.copyOf(connections);
        this.consuming = connections.get(0);
        for (Connection connection : connections) {
            connection.addShutdownListener(signal -> fail("the connection was closed: " + signal.getMessage()));
        }
        Forwarder forwarder = new Forwarder(connections.get(1), site.queues().confirmTimeout());
        this.settler = new Settler(site.handler(), site.queues(), forwarder, site.clock(), this);
        this.sharing = new Sharing(site.members(), site.queues().partitions(), this::stepBack);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "acknowledgements");
        thread.setDaemon(true);
        return thread;
    }

    private void begin() throws IOException, TimeoutException {
        List<String> queues = new Topology(site.queues()).declare(consuming);
        synchronized (this) {
            for (String queue : queues) {
                partitions.add(consume(queue));
            }
        }
        sharing.start(site.queues().beat());
    }

    private Partition consume(String queue) throws IOException {
        return Partition.open(
                consuming,
                queue,
                site.queues().prefetch(),
                timer,
                delivery -> site.lanes().add(delivery.incoming().orderKey(), () -> settler.settle(delivery)),
                this::fail);
    }

    /** Goes to the end of the line at those of the partitions that have brought us something. */
    private void stepBack(List<Integer> numbers) {
        List<Integer> active;
        synchronized (this) {
            active = closing
                    ? List.of()
                    : numbers.stream()
                            .filter(number -> partitions.get(number).isActive())
                            .toList();
        }
        for (int number : active) {
            stepBack(number);
        }
    }

    private void stepBack(int number) {
        try {
            Partition partition = partition(number);
            partition.revoke();
            partition.awaitEnd(site.queues().stopTimeout());
            partition.close();
            synchronized (this) {
                if (!closing) {
                    partitions.set(number, consume(partition.queue()));
                    log.info("{} left to another worker", partition.queue());
                }
            }
        } catch (IOException | AlreadyClosedException e) {
            fail("could not consume from " + site.queues().partition(number) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run is being closed
        }
    }

    private synchronized Partition partition(int number) {
        return partitions.get(number);
    }

    private synchronized List<Partition> partitions() {
        return List.copyOf(partitions);
    }

    /** On how many partitions this worker is the active one, as far as it can know: something came from them. */
    int activePartitions() {
        return (int) partitions().stream().filter(Partition::isActive).count();
    }

    void fail(String reason) {
        ending.complete(new Ending(Cause.FAILED, reason));
    }

    void pause(String obstacle) {
        ending.complete(new Ending(Cause.PAUSED, obstacle));
    }

    void stop() {
        ending.complete(new Ending(Cause.STOPPED, "stopping"));
    }

    /** Whether it ends: true as soon as anybody has said so, and before what was in hand has been given back. */
    boolean isOver() {
        return ending.isDone();
    }

    Ending awaitEnd() {
        return ending.join();
    }

    /** Begins nothing more, lets what has begun end within the limit, and hands back the rest. */
    void close(Duration limit) {
        synchronized (this) {
            closing = true;
        }
        sharing.close();
        partitions().forEach(Partition::revoke);
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (Partition partition : partitions()) {
                Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                if (!partition.awaitEnd(left) && !limit.isZero()) {
                    log.warn("Not everything in hand ended within {}; it will be redelivered", limit);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        partitions().forEach(Partition::close);
        timer.shutdownNow();
        for (Connection connection : connections) {
            connection.abort(CLOSE_TIMEOUT_MILLIS);
        }
    }
}
