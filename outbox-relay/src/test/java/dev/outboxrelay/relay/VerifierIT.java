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

/** A delivery that nobody confirmed in time is found and driven again. */
class VerifierIT {

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
    void what_was_lost_on_the_way_is_published_again_and_nothing_else() throws Exception {
        List<String> ids = stage.insert("order-1", 1, 5);
        ledger.longBegun();
        ledger.sent(List.of(ids.get(0), ids.get(2), ids.get(3)));
        Stage.Running relay = stage.startRelay();
        List<GetResponse> first = stage.take(5);

        List<GetResponse> again = stage.take(2);

        assertThat(Stage.ids(again)).containsExactly(ids.get(1), ids.get(4));
        assertThat(again.get(0).getBody()).isEqualTo(first.get(1).getBody());
        assertThat(again.get(0).getProps().getHeaders()).containsEntry("redriven", 1);
        assertThat(first.get(1).getProps().getHeaders()).doesNotContainKey("redriven");
        ledger.sent(ids);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 0);
        assertThat(relay.count("outbox.relay.events.redriven")).isEqualTo(2);
        assertNothingElseComes();
    }

    @Test
    void after_as_many_tries_as_configured_it_is_missing_until_it_is_confirmed_after_all() throws Exception {
        stage.properties.put("relay.verification.redrives", "2");
        Stage.Running relay = verifying();
        String id = stage.insert("order-1", 1);

        List<GetResponse> all = stage.take(3);
        awaitGauge(relay, "outbox.relay.missing.events", 1);

        assertThat(Stage.ids(all)).containsOnly(id);
        assertThat(all.stream().map(message -> message.getProps().getHeaders().get("redriven")))
                .containsExactly(null, 1, 2);
        assertThat(gauge(relay, "outbox.relay.unconfirmed.events")).isEqualTo(1);
        ledger.sent(List.of(id));
        awaitGauge(relay, "outbox.relay.missing.events", 0);
        assertNothingElseComes();
        stage.stopRelays();
        assertThat(gauge(relay, "outbox.relay.missing.events")).isNaN();
    }

    @Test
    void what_the_consumer_has_in_hand_is_driven_again_only_when_it_is_overdue() throws Exception {
        List<String> ids = stage.insert("order-1", 1, 4);
        ledger.longBegun();
        ledger.has(ids.get(0), "SENDING", 600);
        ledger.has(ids.get(1), "WAITING", -60);
        ledger.has(ids.get(2), "FAILED", -60);
        ledger.has(ids.get(3), "WAITING", 600);
        stage.startRelay();
        stage.take(4);

        assertThat(Stage.ids(stage.take(1))).containsExactly(ids.get(1));

        assertNothingElseComes();
        ledger.has(ids.get(3), "WAITING", -60);
        assertThat(Stage.ids(stage.take(1))).containsExactly(ids.get(3));
        ledger.sent(ids);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 0);
    }

    @Test
    void a_consumer_that_is_behind_gets_no_more_messages_and_once_it_goes_on_only_what_it_has_passed_over()
            throws Exception {
        List<String> ids = stage.insert("order-1", 1, Judgement.FEW + 20);
        ledger.longBegun();
        Stage.Running relay = stage.startRelay();
        stage.take(ids.size());
        awaitUnverified(relay, 3_000);
        assertThat(ledger.remembered()).isZero();

        ledger.sent(List.of(ids.get(0), ids.get(1), ids.get(3), ids.get(4)));

        assertThat(Stage.ids(stage.take(1))).containsExactly(ids.get(2));
        ledger.sent(ids);
        awaitGauge(relay, "outbox.relay.unverified.seconds", 0);
        assertNothingElseComes();
    }

    @Test
    void a_consumer_that_is_away_gets_a_few_again_and_not_a_few_more_at_each_look() throws Exception {
        Stage.Running relay = verifying();
        List<String> ids = stage.insert("order-1", 1, 60);
        assertThat(Stage.ids(stage.take(120))).hasSameElementsAs(ids);

        List<String> more = stage.insert("order-2", 1, 60);

        assertThat(stage.takeDistinct(60)).isEqualTo(more);
        awaitUnverified(relay, 3);
        assertThat(ledger.remembered()).isBetween(60L, (long) Judgement.FEW);
    }

    @Test
    void many_that_were_lost_at_once_come_again_where_a_later_one_was_confirmed() throws Exception {
        List<String> ids = stage.insert("order-1", 1, 300);
        ledger.longBegun();
        ledger.sent(ids.subList(250, 260));
        stage.startRelay();
        stage.take(300);

        List<GetResponse> again = stage.take(290);

        ids.subList(250, 260).clear();
        assertThat(Stage.ids(again)).isEqualTo(ids);
        assertNothingElseComes();
    }

    @Test
    void what_was_written_before_it_was_switched_on_is_left_alone() throws Exception {
        stage.insert("old", 1, 3);
        verifying();
        stage.take(3);

        String young = stage.insert("young", 1);

        assertThat(Stage.ids(stage.take(2))).containsOnly(young);
        assertNothingElseComes();
    }

    @Test
    void what_is_in_quarantine_dropped_or_skipped_is_not_driven(@TempDir Path directory) throws Exception {
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 2);
        ledger.longBegun();
        Stage.Running first = stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> ledger.remembered() == 2);
        first.close();
        Cli cli = new Cli(stage, directory);
        assertThat(cli.run("quarantine", "drop", poison, "--confirm=orders").code())
                .isZero();
        String skipped = stage.insert("skipped", 1);
        assertThat(cli.run("offsets", "skip", "--past-event=" + skipped, "--confirm=orders")
                        .code())
                .isZero();

        Stage.Running relay = stage.startRelay();

        String lost = stage.insert("healthy", 1);
        assertThat(Stage.ids(stage.take(2))).containsOnly(lost);
        assertThat(cli.run("quarantine", "retry", "--aggregate=Order/sick").code())
                .isZero();
        assertThat(Stage.ids(stage.take(1))).containsExactly(follower);
        ledger.sent(List.of(lost, follower));
        awaitGauge(relay, "outbox.relay.unconfirmed.events", 0);
        assertThat(ledger.remembered()).as("the dropped one is").isEqualTo(1);
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
    void a_consumer_that_cannot_be_asked_stops_nothing_and_is_asked_again() throws Exception {
        String lost = stage.insert("order-1", 1);
        ledger.longBegun();
        stage.sql("RENAME TABLE `%1$s`.processed_messages TO `%1$s`.away".formatted(stage.names.mail()))
                .update();
        stage.startRelay();
        String other = stage.insert("order-1", 2);
        assertThat(Stage.ids(stage.take(2))).containsExactly(lost, other);
        stage.sql("INSERT INTO `%s`.away (consumer, message_id, state) VALUES ('mail-worker', ?, 'SENT')"
                        .formatted(stage.names.mail()))
                .param(other)
                .update();

        stage.sql("RENAME TABLE `%1$s`.away TO `%1$s`.processed_messages".formatted(stage.names.mail()))
                .update();

        assertThat(Stage.ids(stage.take(1))).containsExactly(lost);
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

    private static void awaitUnverified(Stage.Running relay, int seconds) {
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> gauge(relay, "outbox.relay.unverified.seconds") > seconds);
    }

    private Stage.Running verifying() {
        Stage.Running relay = stage.startRelay();
        ledger.awaitBegun();
        return relay;
    }

    /** All that there is has been judged when what was written after it has, and driven when that comes. */
    private void assertNothingElseComes() throws Exception {
        String last = ledger.insertConfirmed();
        ledger.awaitVerified(last);
        String end = ledger.insertConfirmed();
        ledger.awaitVerified(end);
        assertThat(Stage.ids(stage.take(2))).containsExactly(last, end);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }

    private static void awaitGauge(Stage.Running relay, String name, double value) {
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> gauge(relay, name) == value);
    }

    private static double gauge(Stage.Running relay, String name) {
        return relay.meters().get(name).gauge().value();
    }
}
