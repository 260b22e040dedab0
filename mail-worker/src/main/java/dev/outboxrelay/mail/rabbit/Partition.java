package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition's queue and the channel that consumes it. Once revoked, nothing that came over it is begun any more;
 * closing the channel then returns all that was not acknowledged to its place in the queue.
 */
final class Partition {
    private static final Logger log = LoggerFactory.getLogger(Partition.class);

    private final Channel channel;
    private final String queue;
    private volatile boolean active;
    private boolean revoked;
    private int begun;

    private Partition(Channel channel, String queue) {
        this.channel = channel;
        this.queue = queue;
    }

    /**
     * Begins to consume. Only one consumer of a partition is active; the others wait for it to go.
     *
     * @param failed told once if the channel is closed or the consumer cancelled by anybody but us
     */
    static Partition open(
            Connection connection, String queue, int prefetch, Consumer<Delivery> receiver, Consumer<String> failed)
            throws IOException {
        Channel channel = Topology.channel(connection);
        Partition partition = new Partition(channel, queue);
        channel.addShutdownListener(signal -> {
            if (!signal.isInitiatedByApplication()) {
                failed.accept("the channel of " + queue + " was closed: " + signal.getMessage());
            }
        });
        channel.basicQos(prefetch);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                partition.active = true;
                receiver.accept(new Delivery(partition, envelope, properties, body));
            }

            @Override
            public void handleCancel(String consumerTag) {
                failed.accept("the broker cancelled the consumer of " + queue);
            }
        });
        return partition;
    }

    String queue() {
        return queue;
    }

    /** Whether anything has come: the broker says nothing else to tell the active consumer from those that wait. */
    boolean isActive() {
        return active;
    }

    /** Whether a message may still be worked on; if so, {@link #end()} must follow. */
    synchronized boolean begin() {
        if (revoked) {
            return false;
        }
        begun++;
        return true;
    }

    synchronized void end() {
        begun--;
        notifyAll();
    }

    synchronized void revoke() {
        revoked = true;
    }

    /** Waits until all that was begun has ended, but not longer than this. */
    synchronized boolean awaitEnd(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (begun > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Where the acknowledgement does not arrive the message comes again, and is found to be done. */
    void ack(long tag) {
        try {
            channel.basicAck(tag, false);
        } catch (IOException | AlreadyClosedException e) {
            log.debug("Delivery {} of {} not acknowledged, it will be redelivered: {}", tag, queue, e.getMessage());
        }
    }

    void close() {
        try {
            channel.abort();
        } catch (IOException | AlreadyClosedException e) {
            log.debug("Channel of {} was closed already: {}", queue, e.getMessage());
        }
    }
}
