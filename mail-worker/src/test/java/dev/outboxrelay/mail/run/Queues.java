package dev.outboxrelay.mail.run;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** One test's virtual host, as the relay and an operator see it. */
final class Queues {
    static final String EXCHANGE = "outbox.events";
    private static final int PARTITIONS = 4;

    private final URI uri;
    private final AtomicInteger published = new AtomicInteger();

    Queues(URI uri) {
        this.uri = uri;
    }

    /** Publishes with confirms, as the relay does; returns when the broker has everything in queues. */
    void publish(List<Event> events) throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            List<String> returned = new ArrayList<>();
            channel.addReturnListener(message -> returned.add(message.getRoutingKey()));
            for (Event event : events) {
                channel.basicPublish(EXCHANGE, "Order." + event.type(), true, event.properties(), event.body());
            }
            channel.waitForConfirmsOrDie(20_000);
            published.addAndGet(events.size());
            if (!returned.isEmpty()) {
                throw new IllegalStateException("not routed: " + returned);
            }
        }
    }

    private Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(uri);
        return factory.newConnection();
    }

    /** A queue that nobody else may use until it is closed, and which then is gone. */
    AutoCloseable holdForOneself(String name) throws Exception {
        Connection connection = connect();
        connection.createChannel().queueDeclare(name, false, true, false, null);
        return connection;
    }

    void deleteQueue(String name) throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.queueDelete(name);
        }
    }

    /** How many messages are in it and in nobody's hands. */
    long count(String queue) throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            return channel.messageCount(queue);
        }
    }

    /** Takes all parked messages, in order. */
    List<Parked> takeParked() throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            List<Parked> parked = new ArrayList<>();
            for (GetResponse got = channel.basicGet("mail.orders.parked", true);
                    got != null;
                    got = channel.basicGet("mail.orders.parked", true)) {
                parked.add(new Parked(got.getProps(), got.getBody()));
            }
            return parked;
        }
    }

    /** Takes so many parked messages, when they have come; there must not be more. */
    List<Parked> awaitParked(int count) {
        List<Parked> parked = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            parked.addAll(takeParked());
            return parked.size() >= count;
        });
        Assertions.assertThat(parked).hasSize(count);
        return parked;
    }

    /** Takes what is in the partitions and gives it back; returns when something has come so many times. */
    void giveBack(int times) throws Exception {
        CountDownLatch left = new CountDownLatch(times);
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            consume(channel, tag -> {
                left.countDown();
                if (left.getCount() > 0) {
                    channel.basicNack(tag, false, true);
                }
            });
            Assertions.assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Rejects so many messages of the partitions, as somebody does who does not know what they are. */
    void reject(int count) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            consume(channel, tag -> {
                channel.basicReject(tag, false);
                left.countDown();
            });
            Assertions.assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void consume(Channel channel, Receiver receiver) throws IOException {
        for (int number = 0; number < PARTITIONS; number++) {
            channel.basicConsume("mail.orders." + number, false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String name, Envelope envelope, BasicProperties properties, byte[] body)
                        throws IOException {
                    receiver.received(envelope.getDeliveryTag());
                }
            });
        }
    }

    @FunctionalInterface
    private interface Receiver {
        void received(long tag) throws IOException;
    }

    /** Everything was acknowledged and nothing is parked. */
    void assertEmpty() throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            for (String queue : List.of("0", "1", "2", "3", "retry.300ms", "parked")) {
                Assertions.assertThat(channel.messageCount("mail.orders." + queue))
                        .as(queue)
                        .isZero();
            }
        }
    }

    /** How many events this test has published. */
    int published() {
        return published.get();
    }

    /** How many messages of the partitions are in the hands of workers. */
    long delivered() throws Exception {
        long ready = 0;
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            for (int number = 0; number < PARTITIONS; number++) {
                ready += channel.messageCount("mail.orders." + number);
            }
        }
        return published.get() - ready;
    }

    /** One message of the parked queue. */
    record Parked(BasicProperties properties, byte[] body) {
        String header(String name) {
            return String.valueOf(properties.getHeaders().get(name));
        }
    }
}
