package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Distance;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one relay stands, by what it has stored: a relay that runs may be a little further.
 *
 * @param serverUuid of the server that was asked
 * @param distance from the stored position to the end of the binlog; null where that position is lost
 * @param backlog null where it is too much to read, or can't be read by this position's place in a file
 * @param lost why the server can't go on from the position; null if it can
 * @param storedAgo how long ago it was stored
 */
record Standing(
        StoredOffset stored,
        String serverUuid,
        States states,
        @Nullable Distance distance,
        @Nullable Backlog backlog,
        @Nullable String lost,
        Duration storedAgo) {

    /** Looks; reads the binlog behind the position where that is not much. */
    static Standing of(Operator operator) throws IOException {
        StoredOffset stored = operator.storedOffset();
        Server server = operator.server();
        Instant now = operator.now();
        StoredOn position = new StoredOn(stored.position(), stored.serverUuid());
        String lost = server.cannotResume(position);
        Distance distance = lost == null ? Distance.measure(server, position, now) : null;
        Long bytes = distance == null ? null : distance.bytes();
        Backlog backlog = distance != null && bytes != null && bytes <= Backlog.MOST_BYTES
                ? Backlog.behind(server.usable(stored.position()), distance.end(), operator.binlog())
                : null;
        return new Standing(
                stored,
                server.uuid(),
                States.of(operator, operator.leases().current().orElse(null)),
                distance,
                backlog,
                lost,
                Duration.between(stored.updatedAt(), now));
    }

    @Nullable Long bytes() {
        return distance == null ? null : distance.bytes();
    }

    @Nullable Long events() {
        return backlog == null ? null : backlog.events();
    }

    @Nullable Long transactions() {
        return distance == null ? null : distance.transactions();
    }

    /**
     * How long the oldest event behind the position has waited; zero where there is none. Where the binlog was not read, the age
     * of the position.
     */
    @Nullable Duration lag() {
        if (distance == null || backlog == null) {
            return distance == null ? null : distance.lag();
        }
        Instant oldest = backlog.oldest();
        return oldest == null ? Duration.ZERO : Duration.between(oldest, lookedAt());
    }

    private Instant lookedAt() {
        return stored.updatedAt().plus(storedAgo);
    }

    @Nullable Long lagSeconds() {
        Duration lag = lag();
        return lag == null ? null : Math.max(0, lag.toSeconds());
    }

    @Nullable Long purgeSeconds() {
        return distance == null ? null : Words.seconds(distance.untilPurge());
    }

    /** Whether a relay is there that publishes, or tries to. */
    boolean isRunning() {
        return states.isHeld() || states.isBetweenTries();
    }
}
