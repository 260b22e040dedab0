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

    /**
     * @param transactions committed on the server and not confirmed; null without GTIDs
     * @param lag age of the confirmed position; zero where nothing is behind it, null where that is not known
     * @param untilPurge time until the binlog behind the position may be deleted; null where it never is
     */
    record Sample(
            @Nullable Long transactions,
            @Nullable Duration lag,
            @Nullable Duration untilPurge) {}

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(BinlogMonitor.class);
    private static final Duration WARN_INTERVAL = Duration.ofMinutes(10);

    private final Server server;
    private final Clock clock;
    private volatile @Nullable Sample latest;
    private Instant sampledAt = Instant.EPOCH;
    private Instant warnedAt = Instant.EPOCH;

    BinlogMonitor(Server server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    @Nullable Sample latest() {
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
        Position end = server.currentPosition();
        Long transactions = server.transactionsBehind(confirmed);
        boolean atEnd = transactions == null ? server.isReached(end, confirmed) : transactions == 0;
        Duration age = age(confirmed, now);
        Duration retention = server.binlogRetention();
        Sample sample =
                new Sample(transactions, atEnd ? Duration.ZERO : age, untilPurge(retention, confirmed, end, age));
        latest = sample;
        warn(sample, retention, now);
    }

    /** The server deletes a file once its last write is older than the retention, but never the one it writes to. */
    private static @Nullable Duration untilPurge(
            @Nullable Duration retention, Position confirmed, Position end, @Nullable Duration age) {
        boolean inCurrentFile = confirmed.file() != null && confirmed.file().equals(end.file());
        if (retention == null || inCurrentFile || age == null) {
            return retention;
        }
        Duration left = retention.minus(age);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static @Nullable Duration age(Position confirmed, Instant now) {
        return confirmed.offset().get("ts_sec") instanceof Number seconds
                ? Duration.between(Instant.ofEpochSecond(seconds.longValue()), now)
                        .abs()
                : null;
    }

    private void warn(Sample sample, @Nullable Duration retention, Instant now) {
        Duration left = sample.untilPurge();
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
