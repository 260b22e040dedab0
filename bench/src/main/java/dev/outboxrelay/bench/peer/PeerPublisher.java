package dev.outboxrelay.bench.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.Date;
import java.util.Map;

/** Publishes persistent, mandatory messages with the same properties as outbox-relay's, confirmed within a window. */
final class PeerPublisher {

    private static final int PERSISTENT = 2;

    private final Channel channel;
    private final String exchange;
    private final ConfirmWindow window;

    private PeerPublisher(Channel channel, String exchange, ConfirmWindow window) {
        this.channel = channel;
        this.exchange = exchange;
        this.window = window;
    }

    static PeerPublisher connect(PeerSettings settings) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(settings.amqp());
        factory.setAutomaticRecoveryEnabled(false);
        Channel channel = factory.newConnection("bench-peer").createChannel();
        channel.confirmSelect();
        ConfirmWindow window = new ConfirmWindow(settings.window());
        channel.addConfirmListener(window);
        return new PeerPublisher(channel, settings.exchange(), window);
    }

    /** Returns once the message is written and within the window; it may not be confirmed yet. */
    void publish(PeerRow row) throws IOException {
        window.acquire();
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .messageId(row.messageId())
                .type(row.type())
                .timestamp(Date.from(row.createdAt()))
                .contentType("application/json")
                .headers(Map.of(
                        "aggregate-type", row.aggregateType(),
                        "aggregate-id", row.aggregateId(),
                        "aggregate-version", row.version()))
                .build();
        channel.basicPublish(exchange, row.routingKey(), true, properties, row.payload());
    }

    /** Returns once all is confirmed. */
    void awaitConfirms() {
        window.awaitAll();
    }
}
