package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What nobody confirmed is driven again, until it is confirmed or there is no sense in it. */
class RedriveIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;
    private Ledger ledger;

    @BeforeEach
    void set() {
        stage = stages.stage();
        ledger = Ledger.watched(stage);
    }

    @Test
    void after_as_many_tries_as_configured_it_is_missing_until_it_is_confirmed_after_all() throws Exception {
        stage.properties.put("relay.verification.redrives", "2");
        Stage.Running relay = verifying();
        String id = stage.insert("order-1", 1);

        List<GetResponse> all = stage.take(3);
        Ledger.awaitGauge(relay, "outbox.relay.missing.events", 1);

        assertThat(Stage.ids(all)).containsOnly(id);
        assertThat(all.stream().map(message -> message.getProps().getHeaders().get("redriven")))
                .containsExactly(null, 1, 2);
        assertThat(Ledger.gauge(relay, "outbox.relay.unconfirmed.events")).isEqualTo(1);
        ledger.sent(List.of(id));
        Ledger.awaitGauge(relay, "outbox.relay.missing.events", 0);
        ledger.assertNothingElseComes();
        stage.stopRelays();
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> Double.isNaN(Ledger.gauge(relay, "outbox.relay.missing.events")));
    }

    @Test
    void what_is_in_quarantine_dropped_or_skipped_is_not_driven_and_what_is_behind_it_is(@TempDir Path directory)
            throws Exception {
        Cli cli = new Cli(stage, directory);
        String poison = stage.insertPoison("sick");
        stage.insert("sick", 2);
        ledger.longBegun();
        Stage.Running first = stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 2);
        first.close();
        assertThat(cli.run("quarantine", "drop", poison, "--confirm=orders").code())
                .isZero();
        String skipped = stage.insert("skipped", 1);
        String lost = stage.insert("healthy", 1);
        assertThat(cli.run("offsets", "skip", "--past-event=" + skipped, "--confirm=orders")
                        .code())
                .isZero();

        Stage.Running relay = stage.startRelay();

        assertThat(Stage.ids(stage.take(2))).containsOnly(lost);
        ledger.sent(List.of(lost));
        Ledger.awaitGauge(relay, "outbox.relay.unconfirmed.events", 0);
        assertThat(ledger.remembered())
                .as("the dropped one and the one in quarantine")
                .isEqualTo(2);
        ledger.assertNothingElseComes();
    }

    /** The last event is late three seconds after it was written, and driven after that: the other one was not, at the same look. */
    @Test
    void what_comes_out_of_quarantine_has_its_time_from_then_on(@TempDir Path directory) throws Exception {
        stage.properties.put("relay.verification.after", "5m");
        String released = stage.insertPoison("sick");
        ledger.longBegun();
        stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 1);
        stage.sql("UPDATE `%s`.outbox SET headers = NULL".formatted(stage.names.orders()))
                .update();
        assertThat(new Cli(stage, directory)
                        .run("quarantine", "retry", "--aggregate=Order/sick")
                        .code())
                .isZero();
        assertThat(Stage.ids(stage.take(1))).containsExactly(released);

        ledger.insertNearlyLate(1);

        assertThat(Stage.ids(stage.take(2))).hasSize(2).doesNotContain(released);
    }

    @Test
    void what_the_broker_does_not_take_is_not_counted_and_in_nobodys_way() throws Exception {
        String refused = stage.insert("order-1", 1, "OrderPlaced", "{}");
        String lost = stage.insert("order-1", 2, "OrderPaid", "{}");
        publishUnverified(2);
        ledger.longBegun();
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPaid");
        Stage.Running relay = stage.startRelay();
        assertThat(Stage.ids(stage.take(1))).containsExactly(lost);
        ledger.sent(List.of(lost));
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 1);
        assertThat(relay.count("outbox.relay.events.redriven")).isEqualTo(1);

        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "#");

        List<GetResponse> again = stage.take(1);
        assertThat(Stage.ids(again)).containsExactly(refused);
        assertThat(again.get(0).getProps().getHeaders()).containsEntry("redriven", 1);
    }

    @Test
    void what_is_past_its_retention_stands_until_it_has_had_its_tries() throws Exception {
        stage.properties.put("relay.janitor.retention", "30m");
        stage.properties.put("relay.janitor.pause", "50ms");
        stage.properties.put("relay.janitor.interval", "50ms");
        String lost = stage.insert("order-1", 1);
        ledger.longBegun();
        Stage.Running relay = stage.startRelay();

        assertThat(Stage.ids(stage.take(2))).containsOnly(lost);

        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> relay.count("outbox.relay.janitor.deleted") == 1 && ledger.remembered() == 0);
    }

    @Test
    void what_is_lost_and_then_deleted_from_the_outbox_is_forgotten() throws Exception {
        String lost = stage.insert("order-1", 1);
        ledger.longBegun();
        stage.startRelay();
        assertThat(Stage.ids(stage.take(2))).containsOnly(lost);

        stage.sql("DELETE FROM `%s`.outbox".formatted(stage.names.orders())).update();

        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 0);
    }

    /** By a relay that does not verify. */
    private void publishUnverified(int events) throws Exception {
        Object confirmations = stage.properties.remove("relay.verification.confirmations");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.take(events);
        relay.close();
        stage.properties.put("relay.verification.confirmations", confirmations);
    }

    private Stage.Running verifying() {
        Stage.Running relay = stage.startRelay();
        ledger.awaitBegun();
        return relay;
    }
}
