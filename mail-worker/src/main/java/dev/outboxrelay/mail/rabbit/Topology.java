package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The consumer's queues. The relay's exchange feeds an exchange that spreads orders over the partitions by a hash of the
 * aggregate id; delayed queues return what is in them to that exchange, so to the same partition.
 */
final class Topology {
    /**
     * Our own counter decides how often a message is tried. From RabbitMQ 4.0 a quorum queue without a limit has one of
     * 20, and every change of a partition's owner counts.
     */
    private static final int NO_DELIVERY_LIMIT = 1_000_000;

    private final QueueSettings names;

    Topology(QueueSettings names) {
        this.names = names;
    }

    /**
     * Declares everything; does nothing where it is there already.
     *
     * @return the queues to consume from: the partitions, and those that are left of a time when there were more, which get
     *     nothing new
     */
    List<String> declare(Connection connection) throws IOException, TimeoutException {
        declareSource(connection);
        Channel channel = channel(connection);
        channel.queueDeclare(names.parked(), true, false, false, quorum());
        channel.exchangeDeclare(
                names.queue(), "x-consistent-hash", true, false, Map.of("hash-header", Headers.AGGREGATE_ID));
        for (Duration delay : names.delays()) {
            Map<String, Object> delayed = deadLetteringTo(names.queue(), names.queue());
            delayed.put("x-message-ttl", delay.toMillis());
            channel.queueDeclare(names.delayed(delay), true, false, false, delayed);
        }
        for (int number = 0; number < names.partitions(); number++) {
            Map<String, Object> partition = deadLetteringTo("", names.parked());
            partition.put("x-single-active-consumer", true);
            channel.queueDeclare(names.partition(number), true, false, false, partition);
            channel.queueBind(names.partition(number), names.queue(), "1");
        }
        channel.exchangeBind(names.queue(), names.exchange(), names.binding());
        List<String> queues = new ArrayList<>();
        for (int number = 0; number < names.partitions() || exists(connection, names.partition(number)); number++) {
            queues.add(names.partition(number));
            if (number >= names.partitions()) {
                channel.queueUnbind(names.partition(number), names.queue(), "1");
            }
        }
        channel.close();
        return queues;
    }

    private static boolean exists(Connection connection, String queue) throws IOException, TimeoutException {
        Channel channel = channel(connection);
        try {
            channel.queueDeclarePassive(queue);
            channel.close();
            return true;
        } catch (IOException e) {
            if (isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    /** The relay's exchange is left as it is, whatever its arguments; only a missing one is declared. */
    private void declareSource(Connection connection) throws IOException, TimeoutException {
        Channel channel = channel(connection);
        try {
            channel.exchangeDeclarePassive(names.exchange());
            channel.close();
        } catch (IOException e) {
            if (!isNotFound(e)) {
                throw e;
            }
            Channel another = channel(connection);
            another.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true);
            another.close();
        }
    }

    static boolean isNotFound(IOException e) {
        return e.getCause() instanceof ShutdownSignalException signal
                && signal.getReason() instanceof AMQP.Channel.Close close
                && close.getReplyCode() == AMQP.NOT_FOUND;
    }

    private static Map<String, Object> quorum() {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", "quorum");
        arguments.put("x-delivery-limit", NO_DELIVERY_LIMIT);
        return arguments;
    }

    /** At least once: a message leaves only when the other queue has confirmed it. That needs reject-publish. */
    private static Map<String, Object> deadLetteringTo(String exchange, String routingKey) {
        Map<String, Object> arguments = quorum();
        arguments.put("x-dead-letter-exchange", exchange);
        arguments.put("x-dead-letter-routing-key", routingKey);
        arguments.put("x-dead-letter-strategy", "at-least-once");
        arguments.put("x-overflow", "reject-publish");
        return arguments;
    }

    static Channel channel(Connection connection) throws IOException {
        return connection
                .openChannel()
                .orElseThrow(() -> new IOException("the broker allows no further channel on this connection"));
    }
}
