package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages in flight, in publish order, and how far they are settled without a gap. Only that contiguous prefix counts: a
 * later message's confirm never moves the position past an earlier one that is still open.
 *
 * <p>Sequence numbers begin at 1 and have no gap, so that they are the publish sequence numbers of a fresh AMQP channel. One
 * thread appends and marks; any thread settles.
 */
final class ConfirmedPrefix {

    /** Receives each message once it belongs to the prefix, in order, under this object's lock: be short. */
    @FunctionalInterface
    interface Listener {
        void settled(SourceEvent.Row row);
    }

    /**
     * How far everything is settled.
     *
     * @param position null before the run has begun
     * @param events messages settled in this run
     */
    record Confirmed(@Nullable Position position, long events) {}

    /** A message that is in flight. */
    record InFlight(long sequence, SourceEvent.Row row) {}

    private final InFlightRing ring;
    private final int maxMessages;
    private final long maxBytes;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition settled = lock.newCondition();
    private @Nullable Position position;
    private boolean ended;

    /**
     * @param maxMessages limit of messages in flight
     * @param maxBytes limit of bytes in flight; a single larger message passes when it is alone
     */
    ConfirmedPrefix(int maxMessages, long maxBytes, Listener listener) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.listener = listener;
        ring = new InFlightRing(maxMessages);
    }

    /**
     * Adds a message behind all others and waits while the window is full.
     *
     * @return its sequence number
     * @throws InterruptedException when {@link #end()} was called, before or while waiting
     */
    long append(SourceEvent.Row row) throws InterruptedException {
        long size = row.message().size();
        lock.lockInterruptibly();
        try {
            if (isFull(size)) {
                awaitRoom(size);
            }
            requireOpen();
            return ring.append(row);
        } finally {
            lock.unlock();
        }
    }

    /** Says where the run begins: everything before that is settled. */
    void beginAt(Position start) {
        lock.lock();
        try {
            position = start;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a position without a message: it counts once everything before it is settled. */
    void mark(Position marked) {
        lock.lock();
        try {
            Position last = ring.isEmpty() ? position : ring.newestPosition();
            if (last != null && last.isSamePlaceAs(marked)) {
                return; // and keeps the time of what happened there
            }
            if (ring.isEmpty()) {
                position = marked;
            } else {
                ring.moveNewest(marked);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Settles one message, or all up to it. Settling what is settled already does nothing.
     *
     * @throws IllegalArgumentException for a sequence number that was never given out
     */
    void settle(long sequence, boolean upTo) {
        lock.lock();
        try {
            if (sequence >= ring.next()) {
                throw new IllegalArgumentException("Sequence " + sequence + " was confirmed but not published");
            }
            for (long s = upTo ? ring.oldest() : Math.max(sequence, ring.oldest()); s <= sequence; s++) {
                ring.settle(s);
            }
            advance();
        } finally {
            lock.unlock();
        }
    }

    /** Makes sure that a message is never settled: the prefix ends before it. */
    void refuse(long sequence) {
        lock.lock();
        try {
            if (ring.contains(sequence)) {
                ring.refuse(sequence);
                settled.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Settles a message that was refused, once it has been put away elsewhere. */
    void accept(long sequence) {
        lock.lock();
        try {
            if (ring.contains(sequence)) {
                ring.accept(sequence);
                advance();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is in flight.
     *
     * @throws InterruptedException when {@link #end()} was called, before or while waiting
     */
    void awaitEmpty() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!ring.isEmpty()) {
                requireOpen();
                settled.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the run: whoever waits for room is sent away, nothing is taken any more, settling goes on. */
    void end() {
        lock.lock();
        try {
            ended = true;
            room.signalAll();
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the prefix can grow no further: nothing is in flight, or what comes next was refused.
     *
     * @return false where that took longer than the limit
     */
    boolean awaitSettled(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isSettled() && left > 0) {
                left = settled.awaitNanos(left);
            }
            return isSettled();
        } finally {
            lock.unlock();
        }
    }

    Confirmed confirmed() {
        lock.lock();
        try {
            return new Confirmed(position, ring.oldest() - 1);
        } finally {
            lock.unlock();
        }
    }

    /** The oldest unsettled message that matches, if any. */
    Optional<InFlight> find(Predicate<OutboxMessage> matches) {
        return first(1, matches);
    }

    /** The message of that number, or with {@code upTo} the oldest unsettled one, if it is in flight. */
    Optional<InFlight> at(long sequence, boolean upTo) {
        return first(upTo ? 1 : sequence, any -> true);
    }

    private Optional<InFlight> first(long from, Predicate<OutboxMessage> matches) {
        lock.lock();
        try {
            return ring.firstUnsettled(from, matches);
        } finally {
            lock.unlock();
        }
    }

    /** How long the oldest message in flight has been waiting; zero where there is none. */
    Duration oldestAge() {
        lock.lock();
        try {
            return ring.oldestAge();
        } finally {
            lock.unlock();
        }
    }

    int messagesInFlight() {
        lock.lock();
        try {
            return ring.count();
        } finally {
            lock.unlock();
        }
    }

    long bytesInFlight() {
        lock.lock();
        try {
            return ring.bytes();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(long size) throws InterruptedException {
        while (!ended && isFull(size)) {
            room.await();
        }
    }

    private boolean isFull(long size) {
        // Alone at first: a run that follows a refusal would else send a window full of messages past the refused one.
        int limit = ring.oldest() == 1 ? 1 : maxMessages;
        return ring.count() >= limit || (ring.bytes() + size > maxBytes && !ring.isEmpty());
    }

    private void requireOpen() throws InterruptedException {
        if (ended) {
            throw new InterruptedException("The run has ended");
        }
    }

    private void advance() {
        for (InFlightRing.Taken taken = ring.takeSettled(); taken != null; taken = ring.takeSettled()) {
            position = taken.position();
            listener.settled(taken.row());
        }
        // Woken early, the publishing thread would send one message per confirm; woken here, it sends a run of them.
        if (ring.count() <= maxMessages / 2 && ring.bytes() <= maxBytes / 2) {
            room.signalAll();
        }
        if (isSettled()) {
            settled.signalAll();
        }
    }

    private boolean isSettled() {
        return ring.isEmpty() || ring.isOldestRefused();
    }
}
