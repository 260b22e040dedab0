package dev.outboxrelay.relay;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Readiness: whether events are on their way, and if not, why. Liveness does not depend on it: what may heal needs no restart. */
final class RelayHealthIndicator implements HealthIndicator {

    private final Supervisor supervisor;

    RelayHealthIndicator(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    @Override
    public Health health() {
        Supervisor.Status status = supervisor.status();
        Health.Builder health = (status.state().isReady() ? Health.up() : Health.outOfService())
                .withDetail("state", status.state())
                .withDetail("why", status.why())
                .withDetail("since", status.since())
                .withDetail("epoch", status.epoch());
        Distance distance = supervisor.distance();
        if (distance != null) {
            addIfKnown(health, "lagTransactions", distance.transactions());
            addIfKnown(health, "lag", distance.lag());
            addIfKnown(health, "purgeCountdown", distance.untilPurge());
        }
        return health.build();
    }

    private static void addIfKnown(Health.Builder health, String detail, @Nullable Object value) {
        if (value != null) {
            health.withDetail(detail, value);
        }
    }
}
