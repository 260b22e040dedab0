package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Connection;
import dev.outboxrelay.mail.Lanes;
import dev.outboxrelay.mail.MailHandler;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    private final List<Partition> partitions = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    private Run() {}

    /** Why a run ended. */
    enum Cause {
        FAILED,
        PAUSED,
        STOPPED
    }

    record Ending(Cause cause, String reason) {}

    /** Connects, declares, consumes. */
    static Run open(Connections connections, QueueSettings queues, MailHandler handler, Lanes lanes, Clock clock)
            throws IOException, TimeoutException {
        Run run = new Run();
        try {
            Connection consuming = run.connect(connections, "mail-worker");
            Connection publishing = run.connect(connections, "mail-worker-forward");
            new Topology(queues).declare(consuming);
            Settler settler =
                    new Settler(handler, queues, new Forwarder(publishing, queues.confirmTimeout()), clock, run);
            for (int number = 0; number < queues.partitions(); number++) {
                run.partitions.add(Partition.open(
                        consuming,
                        queues.partition(number),
                        queues.prefetch(),
                        delivery -> lanes.add(delivery.incoming().orderKey(), () -> settler.settle(delivery)),
                        run::fail));
            }
            return run;
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            run.close(Duration.ZERO);
            throw e;
        }
    }

    private Connection connect(Connections factory, String name) throws IOException, TimeoutException {
        Connection connection = factory.open(name);
        connections.add(connection);
        connection.addShutdownListener(signal -> fail("the connection was closed: " + signal.getMessage()));
        return connection;
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

    Ending awaitEnd() {
        return ending.join();
    }

    /** Begins nothing more, lets what has begun end within the limit, and hands back the rest. */
    void close(Duration limit) {
        partitions.forEach(Partition::revoke);
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (Partition partition : partitions) {
                Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                if (!partition.awaitEnd(left) && !limit.isZero()) {
                    log.warn("Not everything in hand ended within {}; it will be redelivered", limit);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        partitions.forEach(Partition::close);
        for (Connection connection : connections) {
            connection.abort(CLOSE_TIMEOUT_MILLIS);
        }
    }
}
