package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the broker answers with anything but a confirm holds the offset. */
class RefusedEventIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void an_unroutable_event_holds_the_offset_until_its_queue_is_bound() throws Exception {
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String first = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(first);
        String homeless = stage.insert("order-1", 2, "OrderPaid", "{}");
        String later = stage.insert("order-1", 3);
        relay.awaitState(RelayState.BLOCKED);
        assertThat(relay.supervisor().status().why()).contains("Order.OrderPaid");
        assertThat(relay.count("outbox.relay.events.returned")).isPositive();
        assertThat(stored()).isEqualTo(1);

        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPaid");

        relay.awaitState(RelayState.STREAMING);
        List<String> arrived = Stage.ids(stage.take(2));
        assertThat(arrived).endsWith(homeless, later);
    }

    @Test
    void a_nacked_event_holds_the_offset_until_the_broker_takes_it() throws Exception {
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueDeclare(
                "one", true, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        stage.channel.queueBind("one", "outbox.events", "#");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        List<String> expected = stage.insert("order-1", 1, 3);
        relay.awaitState(RelayState.BLOCKED);
        assertThat(relay.supervisor().status().why()).contains("basic.nack");
        assertThat(relay.count("outbox.relay.events.nacked")).isPositive();
        assertThat(stored()).isEqualTo(1);

        stage.bind(Stage.QUEUE, "#");
        stage.channel.queueDelete("one");

        assertThat(Stage.ids(stage.take(2))).isEqualTo(expected.subList(1, 3));
    }

    /** Events behind the stored offset. */
    private long stored() {
        return stage.sql("SELECT events FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(Long.class)
                .single();
    }
}
