package dev.outboxrelay.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Publishes outside a run, because somebody wants it: mandatory and confirmed like everything else, with few messages in flight.
 * What the broker does not take ends it; nothing is tried twice. For one thread.
 */
public final class ConfirmedSender implements AutoCloseable {

    /** The broker did not take a message. What became of the others: {@link #unconfirmed}. */
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
    private final Map<Long, OutboxMessage> refused = new TreeMap<>();
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

    /**
     * What was sent and is not confirmed, in its order, once the broker has had a moment to answer: what came back has not
     * arrived, of the others nobody knows.
     */
    public List<OutboxMessage> unconfirmed() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = Publisher.CLOSE_TIMEOUT.toNanos();
            while (!inFlight.isEmpty() && publisher.isOpen() && left > 0) {
                left = changed.awaitNanos(left);
            }
            Map<Long, OutboxMessage> open = new TreeMap<>(refused);
            open.putAll(inFlight);
            return List.copyOf(open.values());
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a message that the broker may have: it has said nothing of it, nor that it takes none at present. */
    public boolean mayHaveArrived() {
        lock.lock();
        try {
            return !inFlight.isEmpty() && !publisher.isBlocked();
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

    private void refuse(Predicate<Map.Entry<Long, OutboxMessage>> which) {
        inFlight.entrySet().removeIf(open -> {
            boolean is = which.test(open);
            if (is) {
                refused.put(open.getKey(), open.getValue());
            }
            return is;
        });
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
                long before = inFlight.size();
                inFlight.keySet().removeIf(open -> open == sequence || (upTo && open < sequence));
                confirmed += before - inFlight.size();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void returned(String messageId, String exchange, String routingKey, String reply) {
            lock.lock();
            try {
                refuse(message -> message.getValue().id().equals(messageId)
                        && message.getValue().exchange().equals(exchange)
                        && message.getValue().routingKey().equals(routingKey));
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
                OutboxMessage message = inFlight.get(sequence);
                refuse(open -> open.getKey() == sequence || (upTo && open.getKey() < sequence));
                fail("%s: the broker could not take it (basic.nack)".formatted(message));
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
