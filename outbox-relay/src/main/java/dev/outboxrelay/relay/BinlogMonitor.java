package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.QuarantineStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * How far the confirmed position is behind the server, and how long until the server deletes the binlog that it needs. It looks
 * in every state, by the running stream's position or else by the stored one: a line that is held needs the countdown most. What
 * can't be known is absent, never 0. It counts what is in quarantine as well, since others put in and take out, too.
 *
 * <p>A stream can't see that the binlog under it has been reset where the new file has the name of the old one: the server waits
 * until the new one has got as far. So this looks, too.
 */
final class BinlogMonitor {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(BinlogMonitor.class);
    private static final Duration WARN_INTERVAL = Duration.ofMinutes(10);

    private final Server server;
    private final OffsetStore offsets;
    private final QuarantineStore quarantine;
    private final Clock clock;
    private final Thread thread = new Thread(this::keepLooking, "binlog-monitor");
    private volatile Stream stream = Stream.NONE;
    private volatile @Nullable Distance latest;
    private volatile @Nullable Long quarantined;
    private Instant warnedAt = Instant.EPOCH;

    /**
     * A stream that is being published.
     *
     * @param reached its confirmed position; null before there is one
     * @param reset told when the server's binlog does not reach as far any more
     */
    record Stream(Supplier<@Nullable StoredOn> reached, Consumer<String> reset) {
        static final Stream NONE = new Stream(() -> null, why -> {});
    }

    BinlogMonitor(Server server, OffsetStore offsets, QuarantineStore quarantine, Clock clock) {
        this.server = server;
        this.offsets = offsets;
        this.quarantine = quarantine;
        this.clock = clock;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** From now on the position is this stream's, and the stored one where it has none. */
    void follow(Stream newStream) {
        stream = newStream;
    }

    @Nullable Distance latest() {
        return latest;
    }

    /** How many events are in quarantine. */
    @Nullable Long quarantined() {
        return quarantined;
    }

    private void keepLooking() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(INTERVAL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Instant now = clock.instant();
            Stream followed = stream;
            StoredOn reached = followed.reached().get();
            if (reached != null && server.hasBeenReset(reached)) {
                followed.reset().accept("The server's binlog has been reset under the stream (RESET MASTER)");
            }
            StoredOn position = reached == null
                    ? offsets.read()
                            .map(stored -> new StoredOn(stored.position(), stored.serverUuid()))
                            .orElse(null)
                    : reached;
            Distance distance = position == null ? null : Distance.measure(server, position, now);
            latest = distance;
            quarantined = quarantine.count();
            if (distance != null) {
                warn(distance, now);
            }
        } catch (DataAccessException e) {
            latest = null;
            quarantined = null;
            log.debug("The distance to the server is not known, it did not answer", e);
        }
    }

    private void warn(Distance distance, Instant now) {
        Duration left = distance.untilPurge();
        Duration retention = distance.retention();
        if (left != null
                && retention != null
                && left.compareTo(retention.dividedBy(4)) < 0
                && Duration.between(warnedAt, now).compareTo(WARN_INTERVAL) > 0) {
            warnedAt = now;
            log.warn(
                    "The server will delete the binlog that this relay still needs in {} (it keeps {}). Let the relay catch up,"
                            + " or raise binlog_expire_logs_seconds; after that the table is published again",
                    left,
                    retention);
        }
    }
}
