package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.OrderClient.Placed;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** What tests ask of orders on their way. */
final class Orders {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Orders() {}

    /** Waits until so many are placed. */
    static void await(Placement placement, int count) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> placement.count() >= count || !placement.isRunning());
    }

    /** Waits until all are placed, and asserts that each was. */
    static List<Placed> all(Placement placement, int count) {
        await(placement, count);
        assertThat(placement.refusal()).isEmpty();
        assertThat(placement.placed()).hasSize(count);
        return placement.placed();
    }
}
