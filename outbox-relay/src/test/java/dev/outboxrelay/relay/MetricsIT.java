package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @Test
    void figures_tell_what_has_been_published_confirmed_and_republished_and_how_long_it_took() throws Exception {
        Stage stage = stages.stage();
        stage.insert("order-1", 1);
        Stage.Running relay = stage.startRelay();
        stage.take(1);
        relay.awaitState(RelayState.STREAMING);
        stage.insert("order-1", 2);
        stage.take(1);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.events.confirmed") == 2);

        assertThat(relay.count("outbox.relay.events.published")).isEqualTo(2);
        assertThat(relay.count("outbox.relay.events.republished")).isEqualTo(1);
        assertThat(relay.meters().get("outbox.relay.commit.to.confirm").timer()).satisfies(latency -> {
            assertThat(latency.count()).isEqualTo(1); // of the row of the table, only the database knows the commit
            assertThat(latency.max(TimeUnit.NANOSECONDS)).isPositive();
        });
        assertThat(gauge(relay, "outbox.relay.in.flight")).isZero();
        assertThat(gauge(relay, "outbox.relay.in.flight.bytes")).isZero();
        assertThat(gauge(relay, "outbox.relay.window.messages")).isEqualTo(1_000);
        assertThat(gauge(relay, "outbox.relay.offset.age.seconds")).isNotNegative();
        Ledger.awaitGauge(relay, "outbox.relay.quarantine.events", 0);
        assertThat(gauge(relay, "outbox.relay.epoch")).isPositive();
        assertThat(relay.meters()
                        .get("outbox.relay.state")
                        .tag("state", "STREAMING")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    private static double gauge(Stage.Running relay, String name) {
        return relay.meters().get(name).gauge().value();
    }
}
