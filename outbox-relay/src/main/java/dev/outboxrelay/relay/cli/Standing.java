package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Distance;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.LeaseStore.Tenure;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one relay stands, by what it has stored: a relay that runs may be a little further.
 *
 * @param tenure null where no relay of this name has ever held the lease
 * @param distance from the stored position to the end of the binlog; null where that position is lost
 * @param bytes of binlog behind the position; null where this server does not have that file, or where it was stored by another
 * @param lost why the server can't go on from the position; null if it can
 * @param storedAgo how long ago it was stored
 */
record Standing(
        StoredOffset stored,
        @Nullable Tenure tenure,
        @Nullable Distance distance,
        @Nullable Long bytes,
        @Nullable String lost,
        Duration storedAgo) {

    static Standing of(Operator operator) {
        StoredOffset stored = operator.storedOffset();
        Server server = operator.server();
        Instant now = operator.now();
        String lost = server.cannotResume(new StoredOn(stored.position(), stored.serverUuid()));
        boolean sameServer = stored.serverUuid().equals(server.uuid());
        return new Standing(
                stored,
                operator.leases().current().orElse(null),
                lost == null ? Distance.measure(server, stored.position(), now) : null,
                lost == null && sameServer ? server.bytesBehind(stored.position()) : null,
                lost,
                Duration.between(stored.updatedAt(), now));
    }

    @Nullable Long transactions() {
        return distance == null ? null : distance.transactions();
    }

    /** Whole seconds by which the position is behind; 0 where nothing is behind it. */
    @Nullable Long lagSeconds() {
        return distance == null ? null : Words.seconds(distance.lag());
    }

    @Nullable Long purgeSeconds() {
        return distance == null ? null : Words.seconds(distance.untilPurge());
    }

    boolean isRunning() {
        return tenure != null && tenure.isHeld();
    }
}
