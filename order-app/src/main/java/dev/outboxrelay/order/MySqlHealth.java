package dev.outboxrelay.order;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Says when MySQL is not there at first, goes away or comes back, a line each; a probe asks every few seconds. */
final class MySqlHealth implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(MySqlHealth.class);

    private final HealthIndicator mysql;
    private final AtomicReference<Status> last = new AtomicReference<>(Status.UNKNOWN);

    MySqlHealth(HealthIndicator mysql) {
        this.mysql = mysql;
    }

    @Override
    public @Nullable Health health() {
        Health health = mysql.health();
        Status now = health == null ? Status.UNKNOWN : health.getStatus();
        Status before = last.getAndSet(now);
        boolean begins = before.equals(Status.UNKNOWN) && now.equals(Status.UP);
        if (!now.equals(before) && !begins) {
            LOG.warn("MySQL was {} and is {}: readiness says the same", before, now);
        }
        return health;
    }
}
