package dev.outboxrelay.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes outside a run, because somebody wants it: mandatory and confirmed like everything else, with few messages in flight.
 * What the broker does not take ends it; nothing is tried twice. For one thread.
 */
public final class ConfirmedSender implements AutoCloseable {

    /** The broker did not take a message. Those before it are confirmed or count as not sent, see {@link #confirmed}. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String why) {
            super(why);
        }
    }

    private final int window;
    private final Duration timeout;
    private final Publisher publisher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, OutboxMessage> inFlight = new LinkedHashMap<>();
    private final Set<Long> returned = new HashSet<>();
    private @Nullable String failure;
    private long confirmed;
    private long next = 1;

    private ConfirmedSender(Publisher.Opener broker, int window, Duration timeout) throws IOException {
        this.window = window;
        this.timeout = timeout;
        publisher = broker.open(new Answers());
    }

    /**
     * Connects.
     *
     * @param window so many may be unconfirmed; with 1, each is confirmed before the next is sent
     * @param timeout how long the broker may take to confirm
     * @throws IOException when no broker can be reached
     */
    public static ConfirmedSender open(Publisher.Opener broker, int window, Duration timeout) throws IOException {
        return new ConfirmedSender(broker, window, timeout);
    }

    /**
     * Sends a message once there is room for it.
     *
     * @throws RefusedException where the broker did not take this or an earlier one
     */
    public void send(OutboxMessage message) throws RefusedException, InterruptedException {
        long sequence;
        lock.lockInterruptibly();
        try {
            await(window - 1);
            sequence = next++;
            inFlight.put(sequence, message);
        } finally {
            lock.unlock();
        }
        try {
            publisher.publish(sequence, message);
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException("%s could not be sent: %s".formatted(message, e.getMessage()));
        }
    }

    /**
     * Waits until everything that was sent is confirmed.
     *
     * @throws RefusedException where the broker did not take one of them
     */
    public void settle() throws RefusedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            await(0);
        } finally {
            lock.unlock();
        }
    }

    /** How many messages the broker has taken. */
    public long confirmed() {
        lock.lock();
        try {
            return confirmed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether another message can be sent; after a refusal, none can. */
    public boolean isUsable() {
        lock.lock();
        try {
            return failure == null && publisher.isOpen();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        publisher.close();
    }

    private void await(int atMost) throws RefusedException, InterruptedException {
        long left = timeout.toNanos();
        while (failure == null && (inFlight.size() > atMost || publisher.isBlocked())) {
            if (left <= 0) {
                throw new RefusedException(
                        publisher.isBlocked()
                                ? "the broker has raised an alarm and takes no messages: free memory or disk there"
                                : "the broker did not confirm within %d s".formatted(timeout.toSeconds()));
            }
            // Whether it is blocked is not signalled.
            long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
            left -= slice - Math.max(0, changed.awaitNanos(slice));
        }
        if (failure != null) {
            throw new RefusedException(failure);
        }
    }

    private void fail(String why) {
        failure = failure == null ? why : failure;
        changed.signalAll();
    }

    private final class Answers implements Publisher.Confirms {

        @Override
        public void confirmed(long sequence, boolean upTo) {
            lock.lock();
            try {
                for (Iterator<Long> open = inFlight.keySet().iterator(); open.hasNext(); ) {
                    long candidate = open.next();
                    if (candidate == sequence || (upTo && candidate < sequence)) {
                        open.remove();
                        confirmed += returned.contains(candidate) ? 0 : 1;
                    }
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void returned(String messageId, String exchange, String routingKey, String reply) {
            lock.lock();
            try {
                inFlight.entrySet().stream()
                        .filter(open -> open.getValue().id().equals(messageId) && !returned.contains(open.getKey()))
                        .findFirst()
                        .ifPresent(open -> returned.add(open.getKey()));
                fail("%s: no queue is bound to exchange '%s' for routing key '%s' (%s)"
                        .formatted(messageId, exchange, routingKey, reply));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void nacked(long sequence, boolean upTo) {
            lock.lock();
            try {
                fail("%s: the broker could not take it (basic.nack)".formatted(inFlight.get(sequence)));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void lost(String reason) {
            lock.lock();
            try {
                fail("the connection to RabbitMQ has ended: " + reason);
            } finally {
                lock.unlock();
            }
        }
    }
}
