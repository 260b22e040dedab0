package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MainPathIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void a_committed_row_arrives_as_the_message_that_the_contract_describes() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String tracestate = "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE";
        UUID id = UUID.randomUUID();
        stage.sql(
                        "INSERT INTO `%s`.outbox VALUES (?, 'Order', 'order-1', 'OrderPlaced', ?, JSON_OBJECT('traceparent', ?, 'tracestate', ?), 1, DEFAULT)"
                                .formatted(stage.names.orders()))
                .params(Stage.bytes(id), "{\"z\":1, \"a\":\"龙井茶\"}", traceparent, tracestate)
                .update();

        GetResponse message = stage.take(1).get(0);

        assertThat(new String(message.getBody(), StandardCharsets.UTF_8)).isEqualTo("{\"z\":1, \"a\":\"龙井茶\"}");
        assertThat(message.getEnvelope().getRoutingKey()).isEqualTo("Order.OrderPlaced");
        assertThat(message.getProps().getMessageId()).isEqualTo(id.toString());
        assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
        assertThat(message.getProps().getType()).isEqualTo("OrderPlaced");
        assertThat(message.getProps().getContentType()).isEqualTo("application/json");
        assertThat(message.getProps().getHeaders())
                .hasEntrySatisfying("aggregate-id", value -> assertThat(value).hasToString("order-1"))
                .hasEntrySatisfying("aggregate-type", value -> assertThat(value).hasToString("Order"))
                .hasEntrySatisfying("traceparent", value -> assertThat(value).hasToString(traceparent))
                .hasEntrySatisfying("tracestate", value -> assertThat(value).hasToString(tracestate))
                .containsEntry("aggregate-version", 1L);
    }

    @Test
    void rows_that_stood_in_the_table_before_the_first_start_arrive_first_and_once() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int n = 1; n <= 50; n++) {
            expected.add(stage.insert("order-1", n));
        }
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        expected.add(stage.insert("order-1", 51));

        assertThat(Stage.ids(stage.take(51))).isEqualTo(expected);
        assertThat(relay.count("outbox.relay.events.published")).isEqualTo(51);
    }

    @Test
    void rows_of_the_table_come_in_the_order_of_their_aggregate_however_they_were_inserted() throws Exception {
        String third = stage.insert("order-1", 3);
        String first = stage.insert("order-1", 1);
        String second = stage.insert("order-1", 2);
        stage.startRelay();

        assertThat(Stage.ids(stage.take(3))).containsExactly(first, second, third);
    }

    @Test
    void what_is_committed_while_the_first_start_reads_the_table_is_not_lost() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 500; n++) {
            expected.add(stage.insert("order-before", n));
        }
        CompletableFuture<List<String>> during = CompletableFuture.supplyAsync(() -> LongStream.range(0, 1_000)
                .mapToObj(n -> stage.insert("order-during", n))
                .toList());
        stage.startRelay();

        Set<String> arrived = Set.copyOf(stage.takeDistinct(1_500));
        expected.addAll(during.join());
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void the_table_is_not_read_again_once_its_rows_are_published() throws Exception {
        stage.insert("order-1", 1);
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);

        Awaitility.await().during(Duration.ofSeconds(1)).atMost(Stage.PATIENCE).until(() -> !snapshotPending());
        assertThat(stage.sql("SELECT events FROM `%s`.relay_offset".formatted(stage.names.relay()))
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private boolean snapshotPending() {
        return stage.sql("SELECT `offset` -> '$.snapshot_pending' IS NOT NULL FROM `%s`.relay_offset"
                        .formatted(stage.names.relay()))
                .query(Boolean.class)
                .single();
    }

    @Test
    void a_stopped_relay_goes_on_where_it_ended_and_publishes_nothing_twice() throws Exception {
        List<String> expected = new ArrayList<>();
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        for (int round = 0; round < 5; round++) {
            Stage.Running relay = stage.startRelay();
            for (int n = 0; n < 20; n++) {
                expected.add(stage.insert("order-1", expected.size()));
            }
            relay.close();
            expected.add(stage.insert("order-1", expected.size()));
        }
        stage.startRelay();

        assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
    }
}
