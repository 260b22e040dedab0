package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Where a relay begins, and that it says so. */
class StartDecisionIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private final ListAppender<ILoggingEvent> decisions = new ListAppender<>();
    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
        decisions.start();
        log().addAppender(decisions);
    }

    @AfterEach
    void reset() {
        log().detachAppender(decisions);
    }

    /** GTIDs that had been purged before the first start must not make its position a lost one at the second. */
    @Test
    void without_an_offset_the_table_is_published_and_with_one_the_relay_resumes() throws Exception {
        stage.purgeBinlogs();
        String stood = stage.insert("order-1", 1);
        Stage.Running first = stage.startRelay();
        assertThat(Stage.ids(stage.take(1))).containsExactly(stood);
        assertThatTheLastDecision(
                Level.INFO, "No offset is stored for relay 'orders'", "publishing the rows that stand");
        first.awaitState(RelayState.STREAMING);
        first.close();
        String missed = stage.insert("order-1", 2);

        Stage.Running second = stage.startRelay();

        assertThat(Stage.ids(stage.take(1))).containsExactly(missed);
        assertThatTheLastDecision(Level.INFO, "Resuming behind");
        assertThat(second.count("outbox.relay.positions.lost")).isZero();
        assertThat(second.count("outbox.relay.events.republished")).isZero();
    }

    @Test
    void rows_of_the_table_come_by_their_time_and_then_their_id_where_they_have_no_version() throws Exception {
        stage.sql("ALTER TABLE `%s`.outbox DROP COLUMN aggregate_version".formatted(stage.names.orders()))
                .update();
        insertAt("00000000-0000-0000-0000-000000000001", 30);
        insertAt("00000000-0000-0000-0000-000000000004", 20);
        insertAt("00000000-0000-0000-0000-000000000003", 20);
        insertAt("00000000-0000-0000-0000-000000000002", 10);

        stage.startRelay();

        assertThat(Stage.ids(stage.take(4)))
                .extracting(id -> id.charAt(id.length() - 1))
                .containsExactly('2', '3', '4', '1');
    }

    private void insertAt(String id, int second) {
        stage.sql("""
                        INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, created_at)
                        VALUES (UUID_TO_BIN(?), 'Order', 'order-1', 'OrderPlaced', '{}', FROM_UNIXTIME(?))""".formatted(stage.names.orders()))
                .params(id, 1_700_000_000 + second)
                .update();
    }

    @Test
    void a_purged_position_publishes_the_table_again_rather_than_skip_anything() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        String seen = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(seen);
        first.close();
        String missed = stage.insert("order-1", 2);
        stage.purgeBinlogs();
        String later = stage.insert("order-1", 3);

        Stage.Running second = stage.startRelay();

        assertThat(new LinkedHashSet<>(Stage.ids(stage.take(3)))).containsExactly(seen, missed, later);
        second.awaitState(RelayState.STREAMING);
        assertThat(second.count("outbox.relay.positions.lost")).isEqualTo(1);
        assertThat(second.count("outbox.relay.events.republished")).isEqualTo(3);
        assertThatTheLastDecision(Level.WARN, "the server has purged transactions behind it", "Publishing again");
    }

    @Test
    void a_purge_while_an_unroutable_event_holds_the_line_publishes_the_table_again() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        List<String> expected = stage.insert("order-1", 1, 3);
        relay.awaitState(RelayState.BLOCKED);
        stage.purgeBinlogs();
        expected.add(stage.insert("order-1", 4));

        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "#");

        assertThat(stage.takeDistinct(4)).isEqualTo(expected);
        assertThat(relay.count("outbox.relay.positions.lost")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void a_relay_that_ends_in_the_middle_of_the_table_reads_it_again() throws Exception {
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");
        List<String> expected = stage.insert("order-1", 1, 20);
        expected.add(stage.insert("order-1", 21, "OrderPaid", "{}"));
        expected.addAll(stage.insert("order-1", 22, 40));
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.BLOCKED);
        first.close();
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isGreaterThanOrEqualTo(20);
        expected.add(stage.insert("order-1", 41));
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "#");

        Stage.Running second = stage.startRelay();

        assertThat(stage.takeDistinct(41)).isEqualTo(expected);
        assertThat(second.count("outbox.relay.positions.lost")).isZero();
    }

    @Test
    void a_purged_position_stops_the_relay_where_the_configuration_says_so() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        first.close();
        stage.insert("order-1", 1);
        stage.purgeBinlogs();
        stage.properties.put("relay.on-lost-position", "stop");

        Stage.Running second = stage.startRelay();

        second.awaitState(RelayState.BLOCKED);
        assertThat(second.supervisor().status().why()).contains("purged");
        assertThat(second.count("outbox.relay.events.published")).isZero();
    }

    @Test
    void a_deleted_offset_row_publishes_the_table_again() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        String seen = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(seen);
        first.close();
        String missed = stage.insert("order-1", 2);
        stage.sql("DELETE FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .update();

        Stage.Running second = stage.startRelay();

        assertThat(Stage.ids(stage.take(2))).containsExactly(seen, missed);
        assertThat(second.count("outbox.relay.positions.lost")).isEqualTo(1);
        assertThatTheLastDecision(Level.WARN, "its row was deleted from relay_offset", "Publishing again");
    }

    @Test
    void a_deleted_offset_row_stops_the_relay_where_the_configuration_says_so() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        first.close();
        stage.insert("order-1", 1);
        stage.sql("DELETE FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .update();
        stage.properties.put("relay.on-lost-position", "stop");

        Stage.Running second = stage.startRelay();

        second.awaitState(RelayState.BLOCKED);
        assertThat(second.supervisor().status().why()).contains("deleted from relay_offset");
        assertThat(second.count("outbox.relay.events.published")).isZero();
    }

    @Test
    void an_offset_of_a_foreign_server_publishes_the_table_again() throws Exception {
        Stage.Running first = stage.startRelay();
        first.awaitState(RelayState.STREAMING);
        String seen = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(seen);
        first.close();
        stage.sql("""
                        UPDATE `%s`.relay_offset SET server_uuid = '00000000-0000-0000-0000-000000000001',
                          `offset` = JSON_SET(`offset`, '$.gtids', '00000000-0000-0000-0000-000000000001:1-9')""".formatted(stage.names.relay())).update();

        Stage.Running second = stage.startRelay();

        assertThat(Stage.ids(stage.take(1))).containsExactly(seen);
        assertThat(second.count("outbox.relay.positions.lost")).isEqualTo(1);
        assertThatTheLastDecision(Level.WARN, "it is not the one, nor a replica of it", "Publishing again");
    }

    private void assertThatTheLastDecision(Level level, String... words) {
        assertThat(decisions.list).last().satisfies(said -> {
            assertThat(said.getLevel()).isEqualTo(level);
            assertThat(said.getFormattedMessage()).contains(words);
        });
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(StartDecision.class);
    }
}
