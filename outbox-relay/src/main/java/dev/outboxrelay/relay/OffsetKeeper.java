package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.FencedException;
import dev.outboxrelay.relay.offsets.OffsetStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stores how far one run's confirmed prefix has come: often while it moves, rarely while only heartbeats do. Each of these
 * positions has its line in the history; one a minute, of those that events have moved, stays there.
 */
final class OffsetKeeper {

    private static final Duration HISTORY_INTERVAL = Duration.ofMinutes(1);

    private final OffsetStore store;
    private final ConfirmedPrefix prefix;
    private final RelayConfig.Offset intervals;
    private final long epoch;
    private final String serverUuid;
    private @Nullable Position stored;
    private long storedEvents;
    private long storedAt = System.nanoTime();
    private long recordedAt = System.nanoTime();
    private long sweptAt = System.nanoTime();

    OffsetKeeper(
            OffsetStore store, ConfirmedPrefix prefix, RelayConfig.Offset intervals, long epoch, String serverUuid) {
        this.store = store;
        this.prefix = prefix;
        this.intervals = intervals;
        this.epoch = epoch;
        this.serverUuid = serverUuid;
    }

    /** Says what is stored already. */
    void found(Position position) {
        stored = position;
    }

    /** Stores a position that nothing has been published behind yet. */
    void record(Cause cause, Position position) throws FencedException {
        store.record(cause, position, serverUuid, epoch, 0);
        stored = position;
    }

    /** Stores the confirmed position where it has moved and its interval is over. */
    void storeIfDue() throws FencedException {
        ConfirmedPrefix.Confirmed confirmed = prefix.confirmed();
        boolean rowsMovedIt = confirmed.events() > storedEvents;
        Duration interval = rowsMovedIt ? intervals.interval() : intervals.idleInterval();
        if (hasMoved(confirmed) && elapsed(storedAt, interval)) {
            store(elapsed(recordedAt, HISTORY_INTERVAL) && rowsMovedIt ? Cause.PROGRESS : null, confirmed);
        }
    }

    /** Stores the confirmed position where it has moved, now, with a line of history that stays. */
    void storeLast(Cause cause) throws FencedException {
        ConfirmedPrefix.Confirmed confirmed = prefix.confirmed();
        if (hasMoved(confirmed)) {
            store(cause, confirmed);
        }
    }

    /** Age of the last write, or of this run where there was none. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - storedAt);
    }

    private boolean hasMoved(ConfirmedPrefix.Confirmed confirmed) {
        Position position = confirmed.position();
        return position != null && (stored == null || !stored.isSamePlaceAs(position));
    }

    private void store(@Nullable Cause history, ConfirmedPrefix.Confirmed confirmed) throws FencedException {
        Position position = confirmed.position();
        if (position == null) {
            return;
        }
        long events = confirmed.events() - storedEvents;
        if (history == null) {
            store.advance(position, serverUuid, epoch, events);
        } else {
            store.record(history, position, serverUuid, epoch, events);
            recordedAt = System.nanoTime();
        }
        if (elapsed(sweptAt, HISTORY_INTERVAL)) {
            store.sweepHistory();
            sweptAt = System.nanoTime();
        }
        stored = position;
        storedEvents = confirmed.events();
        storedAt = System.nanoTime();
    }

    private static boolean elapsed(long since, Duration interval) {
        return System.nanoTime() - since >= interval.toNanos();
    }
}
