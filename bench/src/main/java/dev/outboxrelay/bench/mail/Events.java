package dev.outboxrelay.bench.mail;

import com.github.f4b6a3.uuid.UuidCreator;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.outboxrelay.local.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Publishes events of orders as outbox-relay does, each of another order. */
final class Events implements AutoCloseable {

    private static final String EXCHANGE = "outbox.events";
    private static final String TYPE = "OrderPlaced";
    private static final int PERSISTENT = 2;
    private static final int ECHO_AFTER = 50;
    private static final long CONFIRMED_WITHIN_MILLIS = 60_000;
    private static final String BODY =
            "{\"orderId\":\"%s\",\"version\":1,\"occurredAt\":\"2026-01-01T00:00:00.000000Z\","
                    + "\"customer\":\"王小明\",\"email\":\"xiaoming@example.com\",\"locale\":\"zh-CN\",\"currency\":\"CNY\","
                    + "\"totalMinor\":25600,\"lines\":[{\"sku\":\"TEA-001\",\"name\":\"龙井茶\",\"quantity\":2,"
                    + "\"unitPriceMinor\":12800,\"lineTotalMinor\":25600}]}";

    private final Connection connection;
    private final Channel channel;

    private Events(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    static Events connect(RabbitMqServer server) {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(server.uri());
            Connection connection = factory.newConnection("bench");
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            return new Events(connection, channel);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot connect to RabbitMQ", e);
        }
    }

    /**
     * Publishes that many events, and returns once the broker has confirmed them.
     *
     * @param twice each of them a second time, fifty later
     */
    void publish(int events, boolean twice) {
        List<UUID> ids = new ArrayList<>();
        try {
            for (int i = 0; i < events + ECHO_AFTER; i++) {
                if (i < events) {
                    ids.add(UuidCreator.getTimeOrderedEpoch());
                    publish(ids.get(i));
                }
                if (twice && i >= ECHO_AFTER) {
                    publish(ids.get(i - ECHO_AFTER));
                }
            }
            channel.waitForConfirmsOrDie(CONFIRMED_WITHIN_MILLIS);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot publish events", e);
        }
    }

    private void publish(UUID id) throws IOException {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .messageId(id.toString())
                .type(TYPE)
                .timestamp(Date.from(Instant.now()))
                .contentType("application/json")
                .headers(Map.of("aggregate-type", "Order", "aggregate-id", id.toString(), "aggregate-version", 1L))
                .build();
        byte[] body = BODY.formatted(id).getBytes(StandardCharsets.UTF_8);
        channel.basicPublish(EXCHANGE, "Order." + TYPE, true, properties, body);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
