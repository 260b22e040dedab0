package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
        ledger.assertNothingElseComes();
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

        ledger.assertNothingElseComes();
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
        Ledger.awaitUnverified(relay, 3_000);
        assertThat(ledger.remembered()).isZero();

        ledger.sent(List.of(ids.get(0), ids.get(1), ids.get(3), ids.get(4)));

        assertThat(Stage.ids(stage.take(1))).containsExactly(ids.get(2));
        ledger.sent(ids);
        Ledger.awaitGauge(relay, "outbox.relay.unverified.seconds", 0);
        ledger.assertNothingElseComes();
    }

    @Test
    void a_consumer_that_is_away_gets_a_few_again_and_not_a_few_more_at_each_look() throws Exception {
        stage.properties.put("relay.verification.after", "5m");
        List<String> ids = stage.insert("order-1", 1, 60);
        ledger.longBegun();
        Stage.Running relay = stage.startRelay();
        stage.take(60);
        assertThat(Stage.ids(stage.take(60))).isEqualTo(ids);

        ledger.insertNearlyLate(60);

        stage.take(60);
        Ledger.awaitUnverified(relay, 300);
        assertThat(ledger.remembered()).isEqualTo(60);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }

    @Test
    void what_has_not_been_judged_is_not_deleted_however_old_it_is() throws Exception {
        stage.properties.put("relay.janitor.retention", "30m");
        stage.properties.put("relay.janitor.pause", "50ms");
        stage.properties.put("relay.janitor.interval", "50ms");
        List<String> ids = stage.insert("order-1", 1, Judgement.FEW + 1);
        ledger.longBegun();
        stage.sql("UPDATE `%s`.outbox SET created_at = NOW(6) - INTERVAL 3 HOUR WHERE id = UUID_TO_BIN(?)"
                        .formatted(stage.names.orders()))
                .param(stage.insert("judged", 1))
                .update();
        Stage.Running relay = stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.janitor.deleted") == 1);

        ledger.sent(ids);

        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> relay.count("outbox.relay.janitor.deleted") == 1 + ids.size());
        assertThat(relay.count("outbox.relay.events.redriven")).isZero();
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
        ledger.assertNothingElseComes();
    }

    @Test
    void what_was_written_before_it_was_switched_on_is_left_alone() throws Exception {
        stage.insert("old", 1, 3);
        verifying();
        stage.take(3);

        String young = stage.insert("young", 1);

        assertThat(Stage.ids(stage.take(2))).containsOnly(young);
        ledger.assertNothingElseComes();
    }

    @Test
    void a_consumer_that_cannot_be_asked_stops_nothing_and_is_asked_again() throws Exception {
        String lost = stage.insert("order-1", 1);
        ledger.longBegun();
        stage.sql("RENAME TABLE `%1$s`.processed_messages TO `%1$s`.away".formatted(stage.names.mail()))
                .update();
        String other = stage.insert("order-1", 2);
        stage.startRelay();
        assertThat(Stage.ids(stage.take(2))).containsExactly(lost, other);
        stage.sql("INSERT INTO `%s`.away (consumer, message_id, state) VALUES ('mail-worker', ?, 'SENT')"
                        .formatted(stage.names.mail()))
                .param(other)
                .update();

        stage.sql("RENAME TABLE `%1$s`.away TO `%1$s`.processed_messages".formatted(stage.names.mail()))
                .update();

        assertThat(Stage.ids(stage.take(1))).containsExactly(lost);
    }

    private Stage.Running verifying() {
        Stage.Running relay = stage.startRelay();
        ledger.awaitBegun();
        return relay;
    }
}
