package dev.outboxrelay.chaos;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.chaos.Evidence.Publication;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A queue that gets all that the relay publishes and that nobody reads before the end: what it holds was published. */
final class Witness {

    private static final String QUEUE = "chaos.witness";
    private static final String EXCHANGE = "outbox.events";
    private static final String REDRIVEN = "redriven";

    private final URI broker;

    Witness(URI broker) {
        this.broker = broker;
    }

    /** Declares the queue; from now on it is told of everything. */
    void listen() {
        onChannel(channel -> {
            channel.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
            return channel.queueBind(QUEUE, EXCHANGE, "#");
        });
    }

    /** All that was published since, in its order. It is forgotten here. */
    List<Publication> tell() {
        return onChannel(channel -> {
            List<Publication> all = new ArrayList<>();
            GetResponse message = channel.basicGet(QUEUE, true);
            while (message != null) {
                Map<String, Object> headers = message.getProps().getHeaders();
                boolean byVerification = headers != null && headers.containsKey(REDRIVEN);
                all.add(new Publication(message.getProps().getMessageId(), byVerification));
                message = channel.basicGet(QUEUE, true);
            }
            return all;
        });
    }

    /** Deletes what lies in these queues and is not with a consumer; returns how many messages that were. */
    int purge(List<String> queues) {
        return onChannel(channel -> {
            int purged = 0;
            for (String queue : queues) {
                purged += channel.queuePurge(queue).getMessageCount();
            }
            return purged;
        });
    }

    private interface Talk<T> {
        T over(Channel channel) throws IOException;
    }

    private <T> T onChannel(Talk<T> talk) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(broker);
            try (Connection connection = factory.newConnection("chaos")) {
                return talk.over(connection.createChannel());
            }
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("RabbitMQ does not answer the campaign", e);
        } catch (java.security.GeneralSecurityException | java.net.URISyntaxException e) {
            throw new IllegalStateException("RabbitMQ's address is none", e);
        }
    }
}
