package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class QuarantineIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void a_poison_event_takes_the_later_ones_of_its_aggregate_with_it_and_the_others_flow_on() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String before = stage.insert("sick", 1);
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 3);
        String other = stage.insert("healthy", 1);

        assertThat(Stage.ids(stage.take(2))).containsExactly(before, other);
        assertThat(stage.quarantine()).containsExactly(poison + " UNMAPPABLE", follower + " FOLLOWS");
    }

    @Test
    void the_quarantine_outlives_a_restart() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        String poison = stage.insertPoison("sick");
        String other = stage.insert("healthy", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(other);
        first.close();

        Stage.Running second = stage.startRelay();
        second.awaitState(RelayState.STREAMING);
        Ledger.awaitGauge(second, "outbox.relay.quarantine.events", 1);
        String follower = stage.insert("sick", 2);
        String last = stage.insert("healthy", 2);

        assertThat(Stage.ids(stage.take(1))).containsExactly(last);
        assertThat(stage.quarantine()).containsExactly(poison + " UNMAPPABLE", follower + " FOLLOWS");
        Ledger.awaitGauge(second, "outbox.relay.quarantine.events", 2);
    }

    @Test
    void an_aggregate_that_has_been_released_is_published_again() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.insertPoison("sick");
        String other = stage.insert("healthy", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(other);

        stage.sql("DELETE FROM `%s`.relay_quarantine".formatted(stage.names.relay()))
                .update();
        String released = stage.insert("sick", 2);

        assertThat(Stage.ids(stage.take(1))).containsExactly(released);
    }

    @Test
    void poison_that_stood_in_the_table_before_the_first_start_is_quarantined_too() throws Exception {
        String poison = stage.insertPoison("a-sick-one");
        String other = stage.insert("healthy", 1);

        stage.startRelay();

        assertThat(Stage.ids(stage.take(1))).containsExactly(other);
        assertThat(stage.quarantine()).containsExactly(poison + " UNMAPPABLE");
    }

    @Test
    void an_event_that_was_put_away_before_its_offset_could_be_stored_is_there_once() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.sql("""
                        CREATE TRIGGER `%1$s`.refuse BEFORE UPDATE ON `%1$s`.relay_offset FOR EACH ROW
                        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no room for an offset'""".formatted(stage.names.relay())).update();
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 2);
        String other = stage.insert("healthy", 1);
        relay.awaitState(RelayState.BACKOFF);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 2);

        stage.sql("DROP TRIGGER `%s`.refuse".formatted(stage.names.relay())).update();

        relay.awaitState(RelayState.STREAMING);
        String last = stage.insert("healthy", 2);
        assertThat(stage.takeDistinct(2)).containsExactly(other, last);
        assertThat(stage.quarantine()).containsExactly(poison + " UNMAPPABLE", follower + " FOLLOWS");
    }

    @Test
    void names_of_any_length_and_case_are_kept_apart() throws Exception {
        stage.sql("""
                        ALTER TABLE `%s`.outbox MODIFY id VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
                          MODIFY aggregateid VARCHAR(400)""".formatted(stage.names.orders())).update();
        stage.startRelay().awaitState(RelayState.STREAMING);
        String longName = "sick-".repeat(80);
        insert("poison", longName, "[1]");
        insert("follower", longName, "{}");
        insert("POISON", "SICK", "[1]");
        insert("same-name-but-for-its-case", "sick", "{}");
        insert("x".repeat(300) + "1", "one", "{}");
        insert("x".repeat(300) + "2", "two", "{}");
        insert("last", "healthy", "{}");

        assertThat(Stage.ids(stage.take(2))).containsExactly("same-name-but-for-its-case", "last");
        assertThat(stage.quarantine())
                .containsExactly(
                        "poison UNMAPPABLE",
                        "follower FOLLOWS",
                        "POISON UNMAPPABLE",
                        "x".repeat(300) + "1 UNMAPPABLE",
                        "x".repeat(300) + "2 UNMAPPABLE");
    }

    private void insert(String id, String aggregateId, String headers) {
        stage.sql(
                        "INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, headers) VALUES (?, 'Order', ?, 'OrderPlaced', '{}', ?)"
                                .formatted(stage.names.orders()))
                .params(id, aggregateId, headers)
                .update();
    }

    @Test
    void on_an_older_schema_whose_quarantine_would_lose_an_event_the_relay_asks_for_flyway_first() throws Exception {
        String table = "ALTER TABLE `%s`.relay_quarantine ".formatted(stage.names.relay());
        stage.sql(table + "DROP KEY relay_quarantine_event, DROP COLUMN event_hash")
                .update();
        Stage.Running relay = stage.startRelay();
        Awaitility.await().atMost(Stage.PATIENCE).untilAsserted(() -> assertThat(
                        relay.supervisor().status())
                .satisfies(status -> assertThat(status.state()).isEqualTo(RelayState.BACKOFF))
                .satisfies(status -> assertThat(status.why()).contains("run flyway", "event_hash")));
        String waiting = stage.insert("healthy", 1);

        stage.sql(table + "ADD COLUMN event_hash BINARY(32) AS (UNHEX(SHA2(event_id, 256))) STORED NOT NULL")
                .update();

        assertThat(Stage.ids(stage.take(1))).containsExactly(waiting);
    }

    @Test
    void a_full_quarantine_holds_the_line_instead_of_growing() throws Exception {
        stage.properties.put("relay.quarantine.max-events", 2);
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.insertPoison("sick");
        stage.insert("sick", 2);
        stage.insert("sick", 3);
        String behind = stage.insert("healthy", 1);
        relay.awaitState(RelayState.BLOCKED);
        assertThat(relay.supervisor().status().why()).contains("relay.quarantine.max-events");

        stage.sql("DELETE FROM `%s`.relay_quarantine".formatted(stage.names.relay()))
                .update();

        assertThat(Stage.ids(stage.take(2))).endsWith(behind);
    }

    @Test
    void an_unroutable_event_is_parked_where_the_configuration_says_so() throws Exception {
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");
        stage.properties.put("relay.unroutable", "park");
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        expected.add(stage.insert("lost", 1));
        String homeless = stage.insert("lost", 2, "OrderPaid", "{}");
        String follower = stage.insert("lost", 3);
        expected.add(stage.insert("other", 1));

        assertThat(Stage.ids(stage.take(2))).isEqualTo(expected);
        assertThat(stage.quarantine()).containsExactly(homeless + " UNROUTABLE", follower + " FOLLOWS");
    }
}
