package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.junit.MySqlExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
    static Path directory;

    private static RabbitMqServer rabbit;
    private Stage stage;

    @BeforeAll
    static void serve() {
        rabbit = RabbitMqServer.builder().config("max_message_size = " + LIMIT).start(directory);
    }

    @AfterAll
    static void end() {
        rabbit.close();
    }

    @BeforeEach
    void set() throws Exception {
        stage = new Stage(MYSQL.server(), rabbit, MYSQL.freshPrefix(), "/");
        stage.channel.queuePurge(Stage.QUEUE);
    }

    @AfterEach
    void clear() throws Exception {
        stage.close();
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
    void what_is_in_flight_to_a_broker_that_dies_is_no_more_than_its_bytes_window_and_comes_again() throws Exception {
        stage.properties.put("relay.window.bytes", WINDOW * LIMIT);
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        expected.add(stage.insert("order-1", 1));
        assertThat(Stage.ids(stage.take(1))).isEqualTo(expected);
        rabbit.control("set_vm_memory_high_watermark", "0.0001");
        for (int n = 2; n < 2 + 3 * WINDOW; n++) {
            expected.add(stage.insert("order-1", n, "OrderPlaced", payload(LIMIT)));
        }
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> inFlight(relay) >= WINDOW - 1);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> storedEvents() == 1);
        assertThat(relay.supervisor().status().state()).isEqualTo(RelayState.BLOCKED);

        rabbit.kill();

        relay.awaitState(RelayState.BACKOFF);
        assertThat(relay.count("outbox.relay.events.published")).isBetween(1.0 + WINDOW - 1, 1.0 + WINDOW);
        assertThat(storedEvents()).isEqualTo(1);
        rabbit.start();
        try (Connection connection = stage.connect()) {
            Arrivals arrivals = new Arrivals(connection, connection.createChannel(), Stage.QUEUE);
            Set<String> distinct = new LinkedHashSet<>();
            while (distinct.size() < expected.size() - 1) {
                distinct.addAll(Stage.ids(arrivals.take(1)));
            }
            assertThat(distinct).containsExactlyElementsOf(expected.subList(1, expected.size()));
        }
    }

    private static double inFlight(Stage.Running relay) {
        return relay.meters().get("outbox.relay.in.flight").gauge().value();
    }

    private long storedEvents() {
        return stage.sql("SELECT events FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(Long.class)
                .single();
    }

    @Test
    void a_broker_alarm_blocks_the_relay_which_takes_in_no_more_than_its_window_and_outlasts_any_time_limit()
            throws Exception {
        stage.properties.put("relay.window.messages", WINDOW);
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
            assertThat(relay.supervisor().status().why()).contains("alarm");
            // More than the window, and than fits between MySQL's dump thread and a relay that has stopped reading.
            for (int n = 0; n < 400; n++) {
                expected.add(stage.insert("order-1", 2 + n, "OrderPlaced", payload(LIMIT)));
            }
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .during(Duration.ofSeconds(4))
                    .until(() -> relay.supervisor().status().state() == RelayState.BLOCKED);

            assertThat(inFlight(relay)).isEqualTo(WINDOW);
            assertThat(relay.count("outbox.relay.events.published")).isEqualTo(1 + WINDOW);

            rabbit.control("set_vm_memory_high_watermark", "0.8");

            relay.awaitState(RelayState.STREAMING);
            assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
            assertThat(relay.meters().get("outbox.relay.epoch").gauge().value()).isEqualTo(epoch);
        } finally {
            stage.sql("SET GLOBAL net_write_timeout = DEFAULT").update();
        }
    }
}
