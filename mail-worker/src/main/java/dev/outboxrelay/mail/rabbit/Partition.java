package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
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

    /** Nobody waits for an acknowledgement, and the broker writes each to disk. */
    private static final Duration ACK_DELAY = Duration.ofMillis(20);

    private final Channel channel;
    private final String queue;
    private final int prefetch;
    private final ScheduledExecutorService timer;
    private final Acks acks = new Acks();
    private final Object acknowledging = new Object();
    private volatile boolean active;
    private boolean revoked;
    private int begun;

    private Partition(Channel channel, String queue, int prefetch, ScheduledExecutorService timer) {
        this.channel = channel;
        this.queue = queue;
        this.prefetch = prefetch;
        this.timer = timer;
    }

    /**
     * Begins to consume. Only one consumer of a partition is active; the others wait for it to go.
     *
     * @param timer for what has to wait a little
     * @param failed told once if the channel is closed or the consumer cancelled by anybody but us
     */
    static Partition open(
            Connection connection,
            String queue,
            int prefetch,
            ScheduledExecutorService timer,
            Consumer<Delivery> receiver,
            Consumer<String> failed)
            throws IOException {
        Channel channel = Topology.channel(connection);
        Partition partition = new Partition(channel, queue, prefetch, timer);
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
                partition.acks.delivered(envelope.getDeliveryTag());
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

    /** One more {@link #end()} will follow: what was begun goes on elsewhere. */
    synchronized void goesOn() {
        begun++;
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

    /**
     * Acknowledges soon, at the latest when closed. Where that does not arrive the message comes again, and is found to be
     * done.
     */
    void ack(long tag) {
        int waiting = acks.done(tag);
        if (waiting == Math.max(1, prefetch / 2)) {
            timer.execute(this::acknowledge);
        } else if (waiting == 1) {
            var unused = timer.schedule(this::acknowledge, ACK_DELAY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void acknowledge() {
        synchronized (acknowledging) {
            for (Acks.Ack ack : acks.take()) {
                try {
                    channel.basicAck(ack.tag(), ack.multiple());
                } catch (IOException | AlreadyClosedException e) {
                    log.debug("{} of {} did not arrive, it will be redelivered: {}", ack, queue, e.getMessage());
                }
            }
        }
    }

    /** Acknowledges what is done; all else is the broker's again. */
    void close() {
        acknowledge();
        try {
            channel.abort();
        } catch (IOException | AlreadyClosedException e) {
            log.debug("Channel of {} was closed already: {}", queue, e.getMessage());
        }
    }
}
