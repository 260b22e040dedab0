package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.FencedException;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a run begins. When one has been made, its position is stored: nothing is published before that. */
sealed interface StartDecision {

    Logger log = LoggerFactory.getLogger(StartDecision.class);

    /** Go on with the binlog behind this position. */
    record Resume(Position position) implements StartDecision {}

    /** Publish the rows that stand in the tables, then go on with the binlog behind this position. */
    record SnapshotThenStream(Position position) implements StartDecision {}

    /** The stored position is not usable, and the configuration says to stop. */
    record Lost(String why) implements StartDecision {}

    /** Decides, says so in the log, and stores the position where it is a new one. */
    static StartDecision make(Relay relay, OffsetKeeper offsets) throws FencedException {
        Outbox outbox = relay.outbox();
        outbox.tables();
        Optional<StoredOffset> stored = relay.offsets().read();
        if (stored.isEmpty() && relay.offsets().hasHistory()) {
            return lost("The stored position is gone: its row was deleted from relay_offset", relay, offsets);
        }
        if (stored.isEmpty()) {
            log.info(
                    "No offset is stored for relay '{}': publishing the rows that stand in {}, then the binlog",
                    relay.config().name(),
                    relay.config().tables());
            return fromNow(Cause.START, outbox, offsets);
        }
        StoredOn found = new StoredOn(stored.get().position(), stored.get().serverUuid());
        offsets.found(found);
        Position position = found.position();
        String reason = outbox.cannotResume(found);
        if (reason != null) {
            return lost("The stored position %s can't be used: %s".formatted(position, reason), relay, offsets);
        }
        boolean sameServer = found.serverUuid().equals(outbox.serverUuid());
        if (!sameServer) {
            log.warn(
                    "The position was stored on server {}, this is {}: resuming by GTID, at the start of a transaction",
                    found.serverUuid(),
                    outbox.serverUuid());
            position = position.atTransactionStart();
        }
        position = outbox.server().usable(position);
        log.info("Resuming behind {}", position);
        return position.isSnapshotPending() ? new SnapshotThenStream(position) : new Resume(position);
    }

    private static StartDecision lost(String why, Relay relay, OffsetKeeper offsets) throws FencedException {
        if (relay.config().onLostPosition() == RelayConfig.OnLostPosition.STOP) {
            return new Lost(why);
        }
        relay.metrics().positionLost();
        log.warn(
                "{}. Publishing again what {} still holds, so that nothing is skipped; consumers will see duplicates",
                why,
                relay.config().tables());
        return fromNow(Cause.RECOVERY, relay.outbox(), offsets);
    }

    private static StartDecision fromNow(Cause cause, Outbox outbox, OffsetKeeper offsets) throws FencedException {
        Position now = outbox.currentPosition().withSnapshotPending();
        // The commit of this write is behind that of every transaction before `now`, so that a snapshot taken from here
        // on
        // sees them all, also where GTIDs are off and the binlog shows a transaction before the table does.
        offsets.record(cause, now);
        return new SnapshotThenStream(now);
    }
}
