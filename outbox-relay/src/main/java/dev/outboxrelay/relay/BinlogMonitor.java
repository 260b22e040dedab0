package dev.outboxrelay.relay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the confirmed position is behind the server, and how long until the server deletes the binlog that it needs. What
 * can't be known is absent, never 0.
 */
final class BinlogMonitor {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(BinlogMonitor.class);
    private static final Duration WARN_INTERVAL = Duration.ofMinutes(10);

    private final Server server;
    private final Clock clock;
    private volatile @Nullable Distance latest;
    private Instant sampledAt = Instant.EPOCH;
    private Instant warnedAt = Instant.EPOCH;

    BinlogMonitor(Server server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    @Nullable Distance latest() {
        return latest;
    }

    /** Nothing is known until the next sample. */
    void forget() {
        latest = null;
        sampledAt = Instant.EPOCH;
    }

    /** Looks again where the last look is some seconds old. */
    void sampleIfDue(@Nullable Position confirmed) {
        Instant now = clock.instant();
        if (confirmed == null || Duration.between(sampledAt, now).compareTo(INTERVAL) < 0) {
            return;
        }
        sampledAt = now;
        Distance distance = Distance.measure(server, confirmed, now);
        latest = distance;
        warn(distance, now);
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
