package dev.outboxrelay.relay;

import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.QuarantinedEvent.Reason;
import dev.outboxrelay.relay.offsets.QuarantineStore;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps what can't be published out of the way, and with it everything that comes behind it in its aggregate, so that order
 * holds there and all other aggregates flow on.
 */
final class Quarantine {

    /** No more fits: rather than letting the table grow without bound, the line is held. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException(long rows) {
            super("The quarantine holds %d events, which is its limit (relay.quarantine.max-events): retry or drop some"
                    .formatted(rows));
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

    private final QuarantineStore store;
    private final long maxEvents;
    private final Set<Aggregate> held = new HashSet<>();
    private RunEnd.@Nullable Unpublishable refused;

    Quarantine(QuarantineStore store, long maxEvents) {
        this.store = store;
        this.maxEvents = maxEvents;
    }

    /** Reads which aggregates are held; before each run. */
    synchronized void open() {
        held.clear();
        held.addAll(store.aggregates());
    }

    /**
     * Remembers what the broker has refused, until the stream comes to it again: put away at once, it would take with it what
     * comes before it in its aggregate and was in flight beside it.
     */
    synchronized void remember(RunEnd.Unpublishable event) {
        refused = event;
    }

    /** Why this message can't be published, if it is the one that was refused; null if not. */
    synchronized @Nullable String refusalOf(OutboxMessage message) {
        return refused != null && refused.isOf(message) ? refused.why() : null;
    }

    /**
     * Puts an event away; when this returns, the offset may pass it.
     *
     * @throws FullException where the limit is reached
     * @throws DataAccessException when the database can't be reached
     */
    synchronized void isolate(QuarantinedEvent event) {
        requireRoom();
        store.add(event);
        held.add(event.aggregate());
        log.warn("Quarantined {}. Later events of this aggregate follow it; see: outbox-relay quarantine list", event);
    }

    /**
     * Puts a message away if its aggregate is held.
     *
     * @return whether it was; if not, it is to be published
     */
    synchronized boolean takes(OutboxMessage message) {
        if (held.isEmpty()) {
            return false;
        }
        Aggregate aggregate = new Aggregate(message.aggregateType(), message.aggregateId());
        if (!held.contains(aggregate)) {
            return false;
        }
        requireRoom();
        QuarantinedEvent event =
                QuarantinedEvent.of(message, Reason.FOLLOWS, "comes behind a quarantined event of its aggregate");
        boolean taken = store.addIfHeld(event);
        if (!taken) {
            held.remove(aggregate);
        }
        return taken;
    }

    private void requireRoom() {
        long rows = store.count();
        if (rows >= maxEvents) {
            throw new FullException(rows);
        }
    }
}
