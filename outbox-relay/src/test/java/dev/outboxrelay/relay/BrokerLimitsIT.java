package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.junit.MySqlExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has had enough. */
class BrokerLimitsIT {

    private static final int LIMIT = 100_000;
    private static final int WINDOW = 10;

    @RegisterExtension
    static final MySqlExtension MYSQL = new MySqlExtension();

    @TempDir
    Path directory;

    private RabbitMqServer rabbit;
    private Stage stage;

    @BeforeEach
    void set() throws Exception {
        rabbit = RabbitMqServer.builder().config("max_message_size = " + LIMIT).start(directory.resolve("rabbitmq"));
        stage = new Stage(MYSQL.server(), rabbit, MYSQL.freshPrefix(), "/");
    }

    @AfterEach
    void clear() throws Exception {
        stage.close();
        rabbit.close();
    }

    @Test
    void an_event_of_the_size_that_the_broker_takes_arrives_and_a_larger_one_is_quarantined_and_the_others_flow_on()
            throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String before = stage.insert("large", 1, "OrderPlaced", payload(LIMIT));
        String tooLarge = stage.insert("large", 2, "OrderPlaced", payload(LIMIT + 1));
        String follower = stage.insert("large", 3);
        String other = stage.insert("small", 1);

        assertThat(stage.takeDistinct(2)).containsExactly(before, other);
        assertThat(stage.quarantine()).containsExactly(tooLarge + " UNPUBLISHABLE", follower + " FOLLOWS");
    }

    private static String payload(int bytes) {
        return '"' + "x".repeat(bytes - 2) + '"';
    }

    @Test
    void a_broker_alarm_blocks_the_relay_which_takes_in_no_more_than_its_window_until_it_has_cleared()
            throws Exception {
        stage.properties.put("relay.window.messages", WINDOW);
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        expected.add(stage.insert("order-1", 1));
        assertThat(Stage.ids(stage.take(1))).isEqualTo(expected);
        rabbit.control("set_vm_memory_high_watermark", "0.0001");
        expected.add(stage.insert("order-1", 2));
        relay.awaitState(RelayState.BLOCKED);
        assertThat(relay.supervisor().status().why()).contains("alarm");
        expected.addAll(stage.insert("order-1", 3, 3 + 4 * WINDOW));
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() ->
                        relay.meters().get("outbox.relay.in.flight").gauge().value() == WINDOW);
        assertThat(relay.count("outbox.relay.events.published")).isEqualTo(1 + WINDOW);

        rabbit.control("set_vm_memory_high_watermark", "0.8");

        relay.awaitState(RelayState.STREAMING);
        assertThat(stage.takeDistinct(expected.size() - 1))
                .containsExactlyElementsOf(expected.subList(1, expected.size()));
    }

    @Test
    void a_broker_alarm_that_lasts_longer_than_any_time_limit_ends_no_run_and_makes_no_duplicates() throws Exception {
        stage.properties.put("relay.window.messages", 200);
        stage.properties.put("relay.confirm-timeout", "2s");
        stage.sql("SET GLOBAL net_write_timeout = 1").update();
        try {
            Stage.Running relay = stage.startRelay();
            relay.awaitState(RelayState.STREAMING);
            stage.insert("order-1", 0);
            stage.take(1);
            double epoch = relay.meters().get("outbox.relay.epoch").gauge().value();
            rabbit.control("set_vm_memory_high_watermark", "0.0001");
            List<String> expected = new ArrayList<>();
            expected.add(stage.insert("order-1", 1));
            relay.awaitState(RelayState.BLOCKED);
            // More than the window, and than fits between MySQL's dump thread and a relay that has stopped reading.
            for (int n = 0; n < 400; n++) {
                expected.add(stage.insert("order-1", 2 + n, "OrderPlaced", payload(LIMIT)));
            }
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .during(Duration.ofSeconds(4))
                    .until(() -> relay.supervisor().status().state() == RelayState.BLOCKED);

            rabbit.control("set_vm_memory_high_watermark", "0.8");

            assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
            assertThat(relay.meters().get("outbox.relay.epoch").gauge().value()).isEqualTo(epoch);
        } finally {
            stage.sql("SET GLOBAL net_write_timeout = DEFAULT").update();
        }
    }
}
