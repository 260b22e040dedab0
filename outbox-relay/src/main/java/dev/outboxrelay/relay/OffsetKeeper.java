package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Server.StoredOn;
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
    private volatile @Nullable StoredOn found;
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

    /** Says what is stored already. Until the stream has left that place, its file is one of the server that it was stored on. */
    void found(StoredOn position) {
        stored = position.position();
        found = position;
    }

    /** The confirmed position and the server that has its file; null before the run has one. */
    @Nullable StoredOn reached() {
        Position position = prefix.confirmed().position();
        return position == null ? null : new StoredOn(position, serverOf(position));
    }

    private String serverOf(Position position) {
        StoredOn begun = found;
        return begun != null && begun.position().isSamePlaceInFileAs(position) ? begun.serverUuid() : serverUuid;
    }

    /** Stores a position that nothing has been published behind yet. */
    void record(Cause cause, Position position) throws FencedException {
        store.record(cause, position, serverUuid, epoch, 0);
        stored = position;
        found = null;
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
            store.advance(position, serverOf(position), epoch, events);
        } else {
            store.record(history, position, serverOf(position), epoch, events);
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
