package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The runbooks of docs/operations.md for what the broker, or a consumer, does not take; their steps are taken as they stand there. */
@ExtendWith(CommandExtension.class)
class RunbooksOfTheBrokerIT {

    private final Stage stage;
    private final Cli cli;

    RunbooksOfTheBrokerIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void the_broker_is_full() throws Exception {
        Transcript page = page("## The broker is full");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.insert("order-1", 0);
        stage.take(1);
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> cli.run("lag").out().contains(" events=0 "));
        List<String> ids = new ArrayList<>();
        try {
            stage.rabbitmqctl("set_vm_memory_high_watermark", "0.0001");
            insert(ids, 5);
            relay.awaitState(RelayState.BLOCKED);
            assertThat(relay.supervisor().status().why()).contains("alarm");

            page.first(3).play(cli, Map.of("VHOST", stage.vhost));
        } finally {
            stage.rabbitmqctl("set_vm_memory_high_watermark", "0.8");
        }

        assertThat(stage.takeDistinct(5)).isEqualTo(ids);
        Awaitility.await().atMost(Stage.PATIENCE).untilAsserted(() -> page.last()
                .play(cli, Map.of()));
    }

    @Test
    void an_event_is_unroutable_and_bound_for_or_stepped_over_or_parked() throws Exception {
        Transcript page = page("## An event is unroutable");
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String unwanted = stage.insert("order-1", 1, "OrderPaid", "{}");
        relay.awaitState(RelayState.BLOCKED);
        assertThat(relay.supervisor().status().why()).contains("no queue is bound");

        page.first(2).play(cli, Map.of("EVENT", unwanted));
        page.last().play(cli, Map.of("EVENT", unwanted));

        String next = stage.insert("order-1", 2);
        assertThat(Stage.ids(stage.take(1))).containsExactly(next);
        String wanted = stage.insert("order-2", 1, "OrderPaid", "{}");
        relay.awaitState(RelayState.BLOCKED);
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPaid");
        List<String> came = stage.takeDistinct(1);
        // The run that was fenced by the skip may have published that one before it could store so.
        assertThat(came.equals(List.of(next)) ? stage.takeDistinct(1) : came).containsExactly(wanted);

        relay.close();
        stage.properties.put("relay.unroutable", "park");
        stage.startRelay().awaitState(RelayState.STREAMING);
        String parked = stage.insert("order-3", 1, "OrderLost", "{}");
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 1);
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderLost");
        page.after(2).first(1).play(cli, Map.of());
        assertThat(Stage.ids(stage.take(1))).containsExactly(parked);
    }

    @Test
    void a_poison_event() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String poison = stage.insertPoison("order-1");
        String follower = stage.insert("order-1", 2);
        String hopeless = stage.insertPoison("order-2");
        String last = stage.insert("order-2", 2);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 4);

        page("## A poison event").play(cli, Map.of("EVENT", poison, "HOPELESS", hopeless));

        assertThat(Stage.ids(stage.take(3))).containsExactly(poison, follower, last);
        assertThat(stage.quarantine()).isEmpty();
    }

    @Test
    void mass_replay() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = new ArrayList<>();
        insert(ids, 4);
        assertThat(Stage.ids(stage.take(4))).isEqualTo(ids);
        stage.stopRelays();

        page("## Mass replay").play(cli, Map.of("EVENT", ids.get(1)));

        List<String> expected = new ArrayList<>(ids);
        expected.addAll(ids.subList(2, 4));
        assertThat(Stage.ids(stage.take(6))).isEqualTo(expected);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }

    private static Transcript page(String heading) {
        return Transcript.of(OperationsIT.RUNBOOKS, heading);
    }

    private void insert(List<String> ids, int rows) {
        for (int n = 1; n <= rows; n++) {
            ids.add(stage.insert("order-1", n));
        }
    }
}
