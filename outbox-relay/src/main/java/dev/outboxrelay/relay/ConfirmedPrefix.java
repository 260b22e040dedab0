package dev.outboxrelay.relay;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    synchronized long append(SourceEvent.Row row) throws InterruptedException {
        long size = row.message().size();
        requireOpen();
        while (isFull(size)) {
            wait();
            requireOpen();
        }
        return ring.append(row);
    }

    /** Says where the run begins: everything before that is settled. */
    synchronized void beginAt(Position start) {
        position = start;
    }

    /** Adds a position without a message: it counts once everything before it is settled. */
    synchronized void mark(Position marked) {
        Position last = ring.isEmpty() ? position : ring.newestPosition();
        if (last != null && last.isSamePlaceAs(marked)) {
            return; // and keeps the time of what happened there
        }
        if (ring.isEmpty()) {
            position = marked;
        } else {
            ring.moveNewest(marked);
        }
    }

    /**
     * Settles one message, or all up to it. Settling what is settled already does nothing.
     *
     * @throws IllegalArgumentException for a sequence number that was never given out
     */
    synchronized void settle(long sequence, boolean upTo) {
        if (sequence >= ring.next()) {
            throw new IllegalArgumentException("Sequence " + sequence + " was confirmed but not published");
        }
        for (long s = upTo ? ring.oldest() : Math.max(sequence, ring.oldest()); s <= sequence; s++) {
            ring.settle(s);
        }
        advance();
    }

    /** Makes sure that a message is never settled: the prefix ends before it. */
    synchronized void refuse(long sequence) {
        if (ring.contains(sequence)) {
            ring.refuse(sequence);
            notifyAll();
        }
    }

    /** Settles a message that was refused, once it has been put away elsewhere. */
    synchronized void accept(long sequence) {
        if (ring.contains(sequence)) {
            ring.accept(sequence);
            advance();
        }
    }

    /**
     * Waits until nothing is in flight.
     *
     * @throws InterruptedException when {@link #end()} was called, before or while waiting
     */
    synchronized void awaitEmpty() throws InterruptedException {
        while (!ring.isEmpty()) {
            requireOpen();
            wait();
        }
    }

    /** Ends the run: whoever waits for room is sent away, nothing is taken any more, settling goes on. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /**
     * Waits until the prefix can grow no further: nothing is in flight, or what comes next was refused.
     *
     * @return false where that took longer than the limit
     */
    synchronized boolean awaitSettled(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isSettled()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    synchronized Confirmed confirmed() {
        return new Confirmed(position, ring.oldest() - 1);
    }

    /** The oldest unsettled message that matches, if any. */
    Optional<InFlight> find(Predicate<OutboxMessage> matches) {
        return first(1, matches);
    }

    /** The message of that number, or with {@code upTo} the oldest unsettled one, if it is in flight. */
    Optional<InFlight> at(long sequence, boolean upTo) {
        return first(upTo ? 1 : sequence, any -> true);
    }

    private synchronized Optional<InFlight> first(long from, Predicate<OutboxMessage> matches) {
        return ring.firstUnsettled(from, matches);
    }

    /** How long the oldest message in flight has been waiting; zero where there is none. */
    synchronized Duration oldestAge() {
        return ring.oldestAge();
    }

    synchronized int messagesInFlight() {
        return ring.count();
    }

    synchronized long bytesInFlight() {
        return ring.bytes();
    }

    private boolean isFull(long size) {
        // Alone at first: a run that follows a refusal would else send a window full of messages past the refused one.
        int limit = ring.oldest() == 1 ? 1 : maxMessages;
        return ring.count() >= limit || (ring.bytes() + size > maxBytes && !ring.isEmpty());
    }

    private void requireOpen() throws InterruptedException {
        if (ended || Thread.interrupted()) {
            throw new InterruptedException("The run has ended");
        }
    }

    private void advance() {
        for (InFlightRing.Taken taken = ring.takeSettled(); taken != null; taken = ring.takeSettled()) {
            position = taken.position();
            listener.settled(taken.row());
        }
        // Woken early, the publishing thread would send one message per confirm; woken here, it sends a run of them.
        boolean halfEmpty = ring.count() <= maxMessages / 2 && ring.bytes() <= maxBytes / 2;
        if (halfEmpty || isSettled()) {
            notifyAll();
        }
    }

    private boolean isSettled() {
        return ring.isEmpty() || ring.isOldestRefused();
    }
}
