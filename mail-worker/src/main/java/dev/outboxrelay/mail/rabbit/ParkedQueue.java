package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The messages that were set aside. Whatever is looked at and not taken goes back to its place when this is closed, also
 * by the end of the process; meanwhile nobody else sees it.
 */
public final class ParkedQueue implements AutoCloseable {
    private static final int BATCH = 500;
    private static final int CLOSE_TIMEOUT_MILLIS = 5000;

    private final Connection connection;
    private final QueueSettings queues;
    private final Channel channel;
    private final Forwarder forwarder;

    private ParkedQueue(Connection connection, QueueSettings queues) throws IOException {
        this.connection = connection;
        this.queues = queues;
        this.channel = Topology.channel(connection);
        this.forwarder = new Forwarder(connection, queues.confirmTimeout());
    }

    /**
     * Connects.
     *
     * @throws IOException with a sentence, if there is no such queue, which means that no worker has run yet, if the broker
     *     does not let us at it, or if there is no broker
     */
    public static ParkedQueue open(Connections connections, QueueSettings queues) throws IOException {
        Connection connection = connect(connections);
        try {
            ParkedQueue parked = new ParkedQueue(connection, queues);
            parked.count();
            return parked;
        } catch (IOException | AlreadyClosedException e) {
            connection.abort(CLOSE_TIMEOUT_MILLIS);
            throw new IOException(
                    e instanceof IOException failure && Topology.isNotFound(failure)
                            ? "there is no queue " + queues.parked() + " yet: run the worker once"
                            : "the queue " + queues.parked() + " cannot be used: " + Connections.reason(e),
                    e);
        }
    }

    private static Connection connect(Connections connections) throws IOException {
        try {
            return connections.open("mail-worker-operator");
        } catch (IOException | TimeoutException e) {
            throw new IOException(
                    "RabbitMQ at " + connections.where() + " cannot be used: " + Connections.reason(e), e);
        }
    }

    /** How many messages are parked. */
    public long count() throws IOException {
        return channel.messageCount(queues.parked());
    }

    /** How many messages wait in each queue of the worker. */
    public Map<String, Long> depths() throws IOException {
        Map<String, Long> depths = new LinkedHashMap<>();
        for (int number = 0; number < queues.partitions(); number++) {
            depths.put(queues.partition(number), channel.messageCount(queues.partition(number)));
        }
        for (Duration delay : queues.delays()) {
            depths.put(queues.delayed(delay), channel.messageCount(queues.delayed(delay)));
        }
        depths.put(queues.parked(), count());
        return depths;
    }

    /** The messages that are wanted, at most so many; the oldest first. */
    public List<ParkedMessage> browse(Predicate<ParkedMessage> wanted, int limit) throws IOException {
        List<ParkedMessage> found = new ArrayList<>();
        for (long left = count(); left > 0 && found.size() < limit; left--) {
            next().filter(wanted).ifPresent(found::add);
        }
        return found;
    }

    /** The same among all messages that are parked now. */
    public int drain(Predicate<ParkedMessage> wanted, Action action) throws IOException, InterruptedException {
        return drain(wanted, count(), action);
    }

    /**
     * Does something with every message that is wanted, and removes it if that succeeds. The messages of an order come
     * in the order of its events; one that is parked again meanwhile does not come a second time.
     *
     * @param among looks at the oldest so many only: by an earlier {@link #count}, what was parked after it stays
     * @return how many
     */
    public int drain(Predicate<ParkedMessage> wanted, long among, Action action)
            throws IOException, InterruptedException {
        int drained = 0;
        long left = Math.min(among, count());
        while (left > 0) {
            List<ParkedMessage> batch = new ArrayList<>();
            for (; left > 0 && batch.size() < BATCH; left--) {
                next().filter(wanted).ifPresent(batch::add);
            }
            batch.sort(Comparator.comparingLong(ParkedMessage::version));
            for (ParkedMessage message : batch) {
                action.on(message);
                channel.basicAck(message.tag(), false);
                drained++;
            }
        }
        return drained;
    }

    private Optional<ParkedMessage> next() throws IOException {
        GetResponse got = channel.basicGet(queues.parked(), false);
        return Optional.ofNullable(got)
                .map(one -> new ParkedMessage(one.getEnvelope().getDeliveryTag(), one.getProps(), one.getBody()));
    }

    /** Puts a copy back to where it came from; returns once the broker has confirmed it. */
    public void replay(ParkedMessage message) throws IOException, InterruptedException {
        forwarder.publish(queues.queue(), "replayed", Headers.replayed(message.properties()), message.body());
    }

    /** What to do with a message before it is removed. */
    @FunctionalInterface
    public interface Action {
        void on(ParkedMessage message) throws IOException, InterruptedException;
    }

    @Override
    public void close() {
        connection.abort(CLOSE_TIMEOUT_MILLIS);
    }
}
