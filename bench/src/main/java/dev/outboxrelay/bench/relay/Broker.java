package dev.outboxrelay.bench.relay;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.outboxrelay.local.RabbitMqServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The bench's own connection to RabbitMQ. */
final class Broker implements AutoCloseable {

    /** Every candidate publishes to it. */
    static final String EXCHANGE = "outbox.events";

    static final String ROUTING_KEY = "Order.OrderPlaced";

    private final Connection connection;
    private final Channel channel;
    private final AtomicInteger queues = new AtomicInteger();

    private Broker(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    static Broker connect(RabbitMqServer server) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(server.uri());
            Connection connection = factory.newConnection("bench");
            Channel channel = connection.createChannel();
            channel.exchangeDeclare(EXCHANGE, "topic", true);
            return new Broker(connection, channel);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot connect to RabbitMQ", e);
        }
    }

    /** A new quorum queue that gets everything that is published from now on. */
    synchronized String freshQueue() {
        String queue = "bench-" + queues.incrementAndGet();
        try {
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(queue, EXCHANGE, "#");
            return queue;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot declare " + queue, e);
        }
    }

    /** How many messages are ready in it. */
    synchronized long count(String queue) {
        try {
            return channel.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot ask for " + queue, e);
        }
    }

    synchronized void delete(String queue) {
        try {
            channel.queueDelete(queue);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + queue, e);
        }
    }

    /** A channel of its own, for a consumer. */
    Channel newChannel() {
        try {
            return connection.createChannel();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open a channel", e);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
