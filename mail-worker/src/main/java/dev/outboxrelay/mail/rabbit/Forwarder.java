package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Puts copies of messages into our other queues, with confirms. It has a connection of its own: a broker short of memory
 * or disk stops reading from connections that publish, and acknowledgements must not be held up by that.
 */
final class Forwarder {
    private final Channel channel;
    private final Duration confirmTimeout;
    private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> unconfirmed = new ConcurrentSkipListMap<>();

    Forwarder(Connection connection, Duration confirmTimeout) throws IOException {
        this.channel = Topology.channel(connection);
        this.confirmTimeout = confirmTimeout;
        channel.confirmSelect();
        channel.addConfirmListener(
                (number, multiple) -> settle(number, multiple, null),
                (number, multiple) -> settle(number, multiple, new IOException("the broker refused the message")));
        channel.addReturnListener(returned -> failAll(new IOException(
                "no queue took a message for " + returned.getRoutingKey() + ": " + returned.getReplyText())));
        channel.addShutdownListener(
                signal -> failAll(new IOException("the channel was closed: " + signal.getMessage())));
    }

    /**
     * Returns once the broker has taken responsibility for the copy.
     *
     * @throws IOException if that is not certain; the original must not be acknowledged then
     */
    void forward(String queue, BasicProperties properties, byte[] body) throws IOException, InterruptedException {
        publish("", queue, properties, body);
    }

    /** As {@link #forward}, to the queues that an exchange chooses. */
    void publish(String exchange, String routingKey, BasicProperties properties, byte[] body)
            throws IOException, InterruptedException {
        String where = exchange.isEmpty() ? "queue " + routingKey : "exchange " + exchange;
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        synchronized (this) {
            BasicProperties fitting = fitting(properties, body);
            unconfirmed.put(channel.getNextPublishSeqNo(), confirmed);
            channel.basicPublish(exchange, routingKey, true, fitting, body);
        }
        try {
            confirmed.get(confirmTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(where + " did not take a message: " + cause(e), e);
        } catch (TimeoutException e) {
            throw new IOException(where + " did not confirm a message in time", e);
        }
    }

    /** Headers have to fit into one frame, and a message may come with so many that ours do not fit in any more. */
    private BasicProperties fitting(BasicProperties properties, byte[] body) throws IOException {
        int frame = channel.getConnection().getFrameMax();
        boolean fits = frame == 0
                || properties.toFrame(channel.getChannelNumber(), body.length).size() <= frame;
        return fits ? properties : Headers.ours(properties);
    }

    private void settle(long number, boolean multiple, @Nullable IOException failure) {
        var settled = multiple ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
        settled.values().forEach(one -> complete(one, failure));
        settled.clear();
    }

    /** A return does not say which message it was; all that are on the way count as refused, and come again. */
    private void failAll(IOException failure) {
        unconfirmed.values().forEach(one -> complete(one, failure));
    }

    private static void complete(CompletableFuture<Void> one, @Nullable IOException failure) {
        if (failure == null) {
            one.complete(null);
        } else {
            one.completeExceptionally(failure);
        }
    }

    private static String cause(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }
}
