package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.Ports;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What breaks, heals; nothing is lost, and what is published twice is bounded. */
class RecoveryIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void a_broker_that_is_down_at_the_start_is_waited_for() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", stages.rabbit().port())) {
            proxy.cut();
            stage.brokerAt(proxy.port());
            Stage.Running relay = stage.startRelay();
            relay.awaitState(RelayState.BACKOFF);
            String id = stage.insert("order-1", 1);

            proxy.heal();

            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        }
    }

    @Test
    void a_broker_address_that_is_dead_is_passed_over() throws Exception {
        stage.properties.compute(
                "spring.rabbitmq.addresses", (name, address) -> "amqp://u:p@127.0.0.1:" + Ports.free() + "," + address);
        stage.startRelay().awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }

    @Test
    void a_database_that_is_down_at_the_start_is_waited_for() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", stages.mysql().port())) {
            proxy.cut();
            stage.databaseAt(proxy.port());
            stage.giveUpOnTheDatabaseSoon();
            Stage.Running relay = stage.startRelay();
            relay.awaitState(RelayState.BACKOFF);
            String id = stage.insert("order-1", 1);

            proxy.heal();

            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        }
    }

    @Test
    void a_broker_connection_that_is_cut_in_mid_stream_loses_nothing() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", stages.rabbit().port())) {
            stage.brokerAt(proxy.port());
            stage.startRelay().awaitState(RelayState.STREAMING);
            List<String> expected = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                expected.add(stage.insert("order-1", n));
                if (n % 100 == 50) {
                    proxy.cut();
                    proxy.heal();
                }
            }

            assertThat(stage.takeDistinct(300)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void a_binlog_connection_that_is_cut_in_mid_stream_loses_nothing() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", stages.mysql().port())) {
            stage.databaseAt(proxy.port());
            stage.startRelay().awaitState(RelayState.STREAMING);
            List<String> expected = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                expected.add(stage.insert("order-1", n));
                if (n % 100 == 50) {
                    proxy.cut();
                    proxy.heal();
                }
            }

            assertThat(stage.takeDistinct(300)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void a_mysql_that_is_killed_and_comes_back_loses_nothing() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            expected.add(stage.insert("order-1", n));
        }
        stages.mysql().kill();
        stages.mysql().start();
        for (int n = 100; n < 200; n++) {
            expected.add(stage.insert("order-1", n));
        }

        assertThat(stage.takeDistinct(200)).containsExactlyElementsOf(expected);
    }

    @Test
    void a_silent_binlog_connection_is_noticed_and_replaced() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", stages.mysql().port())) {
            stage.databaseAt(proxy.port());
            Stage.Running relay = stage.startRelay();
            relay.awaitState(RelayState.STREAMING);
            proxy.freeze(Direction.TO_CLIENT);
            String id = stage.insert("order-1", 1);
            relay.awaitState(RelayState.BACKOFF);

            proxy.heal();

            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        }
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
        assertThat(second.count("outbox.relay.positions.lost")).isEqualTo(1);
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

        stage.startRelay();

        assertThat(Stage.ids(stage.take(2))).containsExactly(seen, missed);
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

        stage.startRelay();

        assertThat(Stage.ids(stage.take(1))).containsExactly(seen);
    }

    @Test
    void a_missing_table_is_named_and_waited_for() throws Exception {
        stage.sql("RENAME TABLE `%1$s`.outbox TO `%1$s`.outbox_away".formatted(stage.names.orders()))
                .update();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why()).contains(stage.names.orders() + ".outbox does not exist");

        stage.sql("RENAME TABLE `%1$s`.outbox_away TO `%1$s`.outbox".formatted(stage.names.orders()))
                .update();
        relay.awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }

    @Test
    void a_wrong_broker_password_is_said_without_the_password_and_waited_for() throws Exception {
        stage.properties.put(
                "spring.rabbitmq.addresses",
                "amqp://nobody:wrong-pw@127.0.0.1:" + stages.rabbit().port());
        Stage.Running relay = stage.startRelay();

        relay.awaitState(RelayState.BACKOFF);

        assertThat(relay.supervisor().status().why())
                .contains("refused user nobody")
                .doesNotContain("wrong-pw");
    }
}
