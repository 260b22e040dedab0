package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a binlog can hold besides one row per transaction. */
class BinlogTrapsIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
    }

    @Test
    void ddl_elsewhere_that_debezium_cannot_parse_does_not_stop_the_stream() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("CREATE TABLE `%s`.other (a INT PRIMARY KEY, b INT, KEY (b)) SECONDARY_ENGINE_ATTRIBUTE='{\"x\":1}'"
                        .formatted(stage.names.mail()))
                .update();
        stage.sql(
                        "CREATE FUNCTION `%s`.f() RETURNS INT DETERMINISTIC NO SQL RETURN (SELECT 1 FROM (VALUES ROW(1)) AS v)"
                                .formatted(stage.names.mail()))
                .update();
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }

    @Test
    void a_nullable_column_appended_to_the_outbox_does_not_stop_the_stream() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String before = stage.insert("order-1", 1);
        stage.sql("ALTER TABLE `%s`.outbox ADD COLUMN tenant VARCHAR(20) NULL".formatted(stage.names.orders()))
                .update();
        String after = stage.insert("order-1", 2);

        assertThat(Stage.ids(stage.take(2))).containsExactly(before, after);
    }

    @Test
    void a_truncated_outbox_loses_nothing_that_was_committed_before() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String before = stage.insert("order-1", 1);
        stage.sql("TRUNCATE TABLE `%s`.outbox".formatted(stage.names.orders())).update();
        String after = stage.insert("order-1", 2);

        assertThat(Stage.ids(stage.take(2))).containsExactly(before, after);
    }

    @Test
    void rows_that_are_deleted_in_the_transaction_that_inserted_them_are_published() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        UUID id = UUID.randomUUID();
        try (Connection connection = stages.mysql().connect()) {
            connection.setAutoCommit(false);
            insert(connection, id, "{\"brief\":true}");
            connection.createStatement().executeUpdate("DELETE FROM `%s`.outbox".formatted(stage.names.orders()));
            connection.commit();
        }

        assertThat(Stage.ids(stage.take(1))).containsExactly(id.toString());
    }

    @Test
    void a_rolled_back_row_is_not_published() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        try (Connection connection = stages.mysql().connect()) {
            connection.setAutoCommit(false);
            insert(connection, UUID.randomUUID(), "{}");
            connection.rollback();
        }
        String id = stage.insert("order-1", 1);

        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
    }

    @Test
    void compressed_transactions_and_logged_queries_are_read() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<UUID> ids = IntStream.range(0, 20).mapToObj(n -> UUID.randomUUID()).toList();
        try (Connection connection = stages.mysql().connect()) {
            connection.createStatement().execute("SET SESSION binlog_transaction_compression = ON");
            connection.createStatement().execute("SET SESSION binlog_rows_query_log_events = ON");
            connection.setAutoCommit(false);
            for (UUID id : ids) {
                insert(connection, id, "{\"pad\":\"%s\"}".formatted("x".repeat(1000)));
            }
            connection.commit();
        }

        assertThat(Stage.ids(stage.take(20)))
                .isEqualTo(ids.stream().map(UUID::toString).toList());
    }

    @Test
    void a_stop_in_the_middle_of_a_bulk_transaction_publishes_none_of_it_twice() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        try (Connection connection = stages.mysql().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION cte_max_recursion_depth = 100000");
            statement.execute("""
                    INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload)
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
                    SELECT UUID_TO_BIN(UUID()), 'Order', 'bulk', 'OrderPlaced', n FROM numbers""".formatted(stage.names.orders()));
        }
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> relay.count("outbox.relay.events.confirmed") > 100);
        relay.close();
        assertThat(relay.count("outbox.relay.events.confirmed")).isBetween(100.0, 99_999.0);
        stage.startRelay();

        List<Integer> arrived = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(100_000);
        stage.channel.basicConsume(
                Stage.QUEUE,
                true,
                (tag, message) -> {
                    arrived.add(Integer.valueOf(new String(message.getBody(), StandardCharsets.UTF_8)));
                    all.countDown();
                },
                tag -> {});
        assertThat(all.await(Stage.PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)).isTrue();
        assertThat(arrived).isEqualTo(IntStream.rangeClosed(1, 100_000).boxed().toList());
    }

    @Test
    void few_outbox_rows_among_many_others_arrive_in_order() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("CREATE TABLE `%s`.busy (a INT PRIMARY KEY AUTO_INCREMENT, b VARCHAR(100))"
                        .formatted(stage.names.mail()))
                .update();
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 50; n++) {
            for (int other = 0; other < 19; other++) {
                stage.sql("INSERT INTO `%s`.busy (b) VALUES ('%s')".formatted(stage.names.mail(), "x".repeat(other)))
                        .update();
            }
            expected.add(stage.insert("order-1", n));
        }

        assertThat(Stage.ids(stage.take(50))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"binlog_row_image, MINIMAL, FULL", "binlog_format, STATEMENT, ROW"})
    void a_server_whose_binlog_does_not_hold_whole_rows_is_named_and_waited_for(
            String variable, String bad, String good) throws Exception {
        stage.sql("SET GLOBAL %s = %s".formatted(variable, bad)).update();
        Stage.Running relay;
        try {
            relay = stage.startRelay();
            relay.awaitState(RelayState.BACKOFF);
            assertThat(relay.supervisor().status().why()).contains(variable);
        } finally {
            stage.sql("SET GLOBAL %s = %s".formatted(variable, good)).update();
        }
        relay.awaitState(RelayState.STREAMING);
        String id = stage.insert("order-1", 1);

        assertThat(stage.takeDistinct(1)).containsExactly(id);
    }

    @Test
    void a_large_payload_arrives_whole() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String payload = "{\"big\":\"%s\"}".formatted("x".repeat(12 << 20));
        stage.insert("order-1", 1, "OrderPlaced", payload);

        GetResponse message = stage.take(1).get(0);

        assertThat(new String(message.getBody(), StandardCharsets.UTF_8).equals(payload))
                .isTrue();
    }

    private void insert(Connection connection, UUID id, String payload) throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload) VALUES (?, 'Order', 'bulk', 'OrderPlaced', ?)"
                        .formatted(stage.names.orders()))) {
            statement.setBytes(1, Stage.bytes(id));
            statement.setString(2, payload);
            statement.executeUpdate();
        }
    }
}
