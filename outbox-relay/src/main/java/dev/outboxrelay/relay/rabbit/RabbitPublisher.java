package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.RootCause;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, one channel in confirm mode. */
final class RabbitPublisher implements Publisher {

    private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);

    private final OpenConnection connection;
    private final Channel channel;
    private final MessageProperties properties;
    private volatile boolean blocked;

    RabbitPublisher(OpenConnection connection, String exchange, MessageProperties properties, Confirms confirms)
            throws IOException {
        this.connection = connection;
        this.properties = properties;
        channel = connection.amqp().createChannel();
        if (channel == null) {
            throw new IOException("The broker allows no further channel on this connection");
        }
        listen(confirms);
        if (!exchange.isEmpty()) {
            channel.exchangeDeclare(exchange, "topic", true);
        }
        channel.confirmSelect();
    }

    private void listen(Confirms confirms) {
        channel.addConfirmListener(confirms::confirmed, confirms::nacked);
        channel.addReturnListener(returned -> confirms.returned(
                returned.getProperties().getMessageId(),
                returned.getExchange(),
                returned.getRoutingKey(),
                returned.getReplyCode() + " " + returned.getReplyText()));
        channel.addShutdownListener(cause -> confirms.lost(reason(cause)));
        connection.amqp().addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                blocked = true;
                log.warn("The broker has blocked publishing ({}); waiting until it unblocks", reason);
            }

            @Override
            public void handleUnblocked() {
                blocked = false;
                log.info("The broker has unblocked publishing");
            }
        });
    }

    @Override
    public void publish(long sequence, OutboxMessage message) throws IOException {
        AMQP.BasicProperties of = properties.of(message);
        try {
            channel.basicPublish(message.exchange(), message.routingKey(), true, of, message.payload());
        } catch (ShutdownSignalException e) {
            throw new IOException(reason(e), e);
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public void close() {
        connection.close();
    }

    private static String reason(ShutdownSignalException cause) {
        return cause.getReason() instanceof AMQP.Channel.Close close
                ? close.getReplyText()
                : cause.getReason() instanceof AMQP.Connection.Close close ? close.getReplyText() : RootCause.of(cause);
    }
}
