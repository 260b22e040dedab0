package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker whose connection stays open and takes nothing: a write to it waits for as long as TCP does. */
class FrozenBrokerIT {

    private static final String LARGE = "{\"pad\":\"%s\"}".formatted("x".repeat(1 << 20));
    private static final int EVENTS = 30;

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;
    private FaultProxy proxy;

    @BeforeEach
    void set() {
        stage = stages.stage();
        proxy = FaultProxy.to("127.0.0.1", stages.rabbit().port());
        stage.brokerAt(proxy.port());
        stage.properties.put("relay.confirm-timeout", "2s");
        stage.properties.put("relay.stop-timeout", "2s");
        // Heartbeats would notice as well; here they must not be what helps.
        stage.properties.put("spring.rabbitmq.requested-heartbeat", "0s");
    }

    @AfterEach
    void thaw() {
        proxy.close();
    }

    @Test
    void a_write_that_hangs_ends_the_run_and_nothing_is_lost() throws Exception {
        Stage.Running relay = stage.startRelay();
        List<String> expected = hangInAWrite(relay);

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).contains("has not confirmed a message within 2 s");
        proxy.heal();

        assertThat(stage.takeDistinct(EVENTS)).containsExactlyElementsOf(expected);
    }

    @Test
    void a_relay_whose_write_hangs_stops_within_its_time() throws Exception {
        Stage.Running relay = stage.startRelay();
        List<String> expected = hangInAWrite(relay);

        relay.close();

        assertThat(relay.supervisor().status().state()).isEqualTo(RelayState.STOPPED);
        proxy.heal();
        stage.startRelay();
        assertThat(stage.takeDistinct(EVENTS)).containsExactlyElementsOf(expected);
    }

    /** With nothing in flight no confirm is missed: only heartbeats tell. */
    @Test
    void a_broker_that_has_gone_without_a_word_is_noticed_by_its_heartbeats() throws Exception {
        stage.properties.put("spring.rabbitmq.requested-heartbeat", "1s");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        proxy.freeze(Direction.TO_CLIENT);

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).containsIgnoringCase("heartbeat");
        proxy.heal();
        String id = stage.insert("order-1", 1);

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    private List<String> hangInAWrite(Stage.Running relay) throws Exception {
        relay.awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>(List.of(stage.insert("order-1", 0)));
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.events.confirmed") == 1);
        proxy.freeze(Direction.TO_SERVER);
        for (int n = 1; n < EVENTS; n++) {
            expected.add(stage.insert("order-1", n, "OrderPlaced", LARGE));
        }
        return expected;
    }
}
