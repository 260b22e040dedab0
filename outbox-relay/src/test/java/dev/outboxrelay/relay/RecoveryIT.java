package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.Ports;
import java.util.ArrayList;
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
        String user = "relay-of-" + stage.vhost;
        stage.properties.put(
                "spring.rabbitmq.addresses",
                "amqp://%s:wrong-pw@127.0.0.1:%d/%s"
                        .formatted(user, stages.rabbit().port(), stage.vhost));
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.supervisor().status().why())
                .contains("refused user " + user)
                .doesNotContain("wrong-pw");
        String id = stage.insert("order-1", 1);

        stage.rabbitmqctl("add_user", user, "wrong-pw");
        stage.rabbitmqctl("set_permissions", "-p", stage.vhost, user, ".*", ".*", ".*");

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }
}
