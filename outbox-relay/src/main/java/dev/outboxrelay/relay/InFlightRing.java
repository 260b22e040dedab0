package dev.outboxrelay.relay;

import dev.outboxrelay.relay.ConfirmedPrefix.InFlight;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages in flight, numbered from 1 without a gap, each with what the broker has said of it. As large as the window that it
 * serves, and never larger: its slots are made once. For one thread at a time.
 */
final class InFlightRing {

    /** The oldest message, settled and taken out. */
    record Taken(SourceEvent.Row row, @Nullable Position position) {}

    private static final class Slot {
        SourceEvent.@Nullable Row row;

        @Nullable Position position;

        long size;
        long sentAt;
        boolean settled;
        boolean refused;
    }

    private final Slot[] ring;
    private final int mask;
    private long oldest = 1;
    private long next = 1;
    private long bytes;

    InFlightRing(int messages) {
        ring = new Slot[Math.max(2, Integer.highestOneBit(messages - 1) << 1)];
        mask = ring.length - 1;
        for (int i = 0; i < ring.length; i++) {
            ring[i] = new Slot();
        }
    }

    /** Adds a message; there must be room. Returns its number. */
    long append(SourceEvent.Row row) {
        Slot slot = slot(next);
        slot.row = row;
        slot.position = row.position();
        slot.size = row.message().size();
        slot.sentAt = System.nanoTime();
        slot.settled = false;
        slot.refused = false;
        bytes += slot.size;
        return next++;
    }

    /** Takes the oldest message out if it is settled; null if it is not, or there is none. */
    @Nullable Taken takeSettled() {
        Slot slot = slot(oldest);
        if (isEmpty() || !slot.settled) {
            return null;
        }
        Taken taken = new Taken(Objects.requireNonNull(slot.row), slot.position);
        bytes -= slot.size;
        slot.row = null;
        slot.position = null;
        oldest++;
        return taken;
    }

    /** Settles a message, unless it is refused. */
    void settle(long sequence) {
        slot(sequence).settled = !slot(sequence).refused;
    }

    /** Makes sure that {@link #settle} does nothing. */
    void refuse(long sequence) {
        slot(sequence).refused = true;
    }

    /** Settles a message although it was refused. */
    void accept(long sequence) {
        slot(sequence).refused = false;
        slot(sequence).settled = true;
    }

    /** Gives the newest message a later position. */
    void moveNewest(Position position) {
        slot(next - 1).position = position;
    }

    @Nullable Position newestPosition() {
        return slot(next - 1).position;
    }

    /** The first message from that number on that is neither settled nor refused and matches. */
    Optional<InFlight> firstUnsettled(long from, Predicate<OutboxMessage> matches) {
        for (long s = Math.max(from, oldest); s < next; s++) {
            SourceEvent.Row row = slot(s).row;
            if (row != null && !slot(s).settled && !slot(s).refused && matches.test(row.message())) {
                return Optional.of(new InFlight(s, row));
            }
        }
        return Optional.empty();
    }

    /** How long the oldest message has been waiting; zero where there is none. */
    Duration oldestAge() {
        return isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - slot(oldest).sentAt);
    }

    boolean isOldestRefused() {
        return !isEmpty() && slot(oldest).refused;
    }

    boolean contains(long sequence) {
        return sequence >= oldest && sequence < next;
    }

    boolean isEmpty() {
        return oldest == next;
    }

    int count() {
        return (int) (next - oldest);
    }

    long bytes() {
        return bytes;
    }

    /** Number of the oldest message, or of the next one where there is none. */
    long oldest() {
        return oldest;
    }

    /** Number that the next message will have. */
    long next() {
        return next;
    }

    private Slot slot(long sequence) {
        return ring[(int) sequence & mask];
    }
}
