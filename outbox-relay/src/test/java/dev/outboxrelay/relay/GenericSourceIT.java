package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outbox tables of other applications. */
class GenericSourceIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;
    private String schema;

    @BeforeEach
    void set() {
        stage = stages.stage();
        schema = stage.names.orders();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "BIGINT UNSIGNED | 18446744073709551615                     | 18446744073709551615",
                "BIGINT          | 42                                       | 42",
                "CHAR(36)        | '01020304-0506-0708-090a-0b0c0d0e0000'   | 01020304-0506-0708-090a-0b0c0d0e0000",
                "BINARY(16)      | X'0102030405060708090A0B0C0D0E0000'      | 01020304-0506-0708-090a-0b0c0d0e0000"
            })
    void an_id_of_any_type_becomes_the_same_text_from_the_table_and_from_the_binlog(
            String type, String value, String id) throws Exception {
        stage.sql("""
                        CREATE TABLE `%s`.events (id %s NOT NULL PRIMARY KEY, aggregatetype VARCHAR(50) NOT NULL,
                          aggregateid VARCHAR(50) NOT NULL, type VARCHAR(50) NOT NULL, payload LONGBLOB NOT NULL)""".formatted(schema, type)).update();
        readable("events");
        stage.properties.put("relay.tables", schema + ".events");
        String insert =
                "INSERT INTO `%s`.events VALUES (%s, 'Thing', 't-1', 'Made', X'00FF7F80')".formatted(schema, value);
        stage.sql(insert).update();
        stage.startRelay().awaitState(RelayState.STREAMING);
        GetResponse fromTable = stage.take(1).get(0);
        stage.sql("DELETE FROM `%s`.events".formatted(schema)).update();
        stage.sql(insert).update();
        GetResponse fromBinlog = stage.take(1).get(0);

        assertThat(fromTable.getProps().getMessageId()).isEqualTo(id);
        assertThat(fromBinlog.getProps()).isEqualTo(fromTable.getProps());
        assertThat(fromBinlog.getBody()).isEqualTo(fromTable.getBody()).isEqualTo(new byte[] {0, -1, 127, -128});
    }

    @Test
    void columns_of_other_names_templates_and_extra_headers_are_configured() throws Exception {
        stage.sql("""
                        CREATE TABLE `%s`.messages (event_id BIGINT PRIMARY KEY AUTO_INCREMENT, entity VARCHAR(50) NOT NULL,
                          entity_id VARCHAR(50) NOT NULL, kind VARCHAR(50) NOT NULL, body JSON NOT NULL, tenant VARCHAR(20) NOT NULL,
                          at DATETIME(6) NOT NULL)""".formatted(schema)).update();
        readable("messages");
        stage.properties.putAll(Map.of(
                "relay.tables", schema + ".messages",
                "relay.columns.id", "event_id",
                "relay.columns.aggregate-type", "entity",
                "relay.columns.aggregate-id", "entity_id",
                "relay.columns.type", "kind",
                "relay.columns.payload", "body",
                "relay.columns.created-at", "at",
                "relay.columns.as-headers", "tenant",
                "relay.exchange", "{tenant}.events",
                "relay.routing-key", "{entity}.{kind}.v1"));
        stage.channel.exchangeDeclare("acme.events", "topic", true);
        stage.channel.queueBind(Stage.QUEUE, "acme.events", "Cart.Emptied.v1");
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql(
                        "INSERT INTO `%s`.messages (entity, entity_id, kind, body, tenant, at) VALUES ('Cart', 'c-1', 'Emptied', '{\"a\": 1}', 'acme', '2026-01-02 03:04:05.678901')"
                                .formatted(schema))
                .update();

        GetResponse message = stage.take(1).get(0);

        assertThat(message.getEnvelope().getExchange()).isEqualTo("acme.events");
        assertThat(message.getProps().getTimestamp()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(message.getProps().getHeaders().get("tenant")).hasToString("acme");
        assertThat(new String(message.getBody(), StandardCharsets.UTF_8).replace(" ", ""))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void with_a_source_each_message_is_a_cloud_event_as_well() throws Exception {
        stage.properties.put("relay.cloud-events.source", "https://shop.example/orders");
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.sql("""
                        INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, headers, created_at) VALUES
                          (X'0102030405060708090A0B0C0D0E0F10', 'Order', 'o-1', 'OrderPlaced', '{}',
                           '{"traceparent": "00-1-2-01", "cloudEvents_id": "forged"}', '2026-01-02 03:04:05.678901')""".formatted(schema)).update();

        GetResponse message = stage.take(1).get(0);

        assertThat(texts(message))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cloudEvents_specversion", "1.0",
                        "cloudEvents_id", "01020304-0506-0708-090a-0b0c0d0e0f10",
                        "cloudEvents_source", "https://shop.example/orders",
                        "cloudEvents_type", "OrderPlaced",
                        "cloudEvents_subject", "o-1",
                        "cloudEvents_time", "2026-01-02T03:04:05.678901Z",
                        "aggregate-type", "Order",
                        "aggregate-id", "o-1",
                        "traceparent", "00-1-2-01"));
        assertThat(message.getProps().getContentType()).isEqualTo("application/json");
        assertThat(message.getBody()).asString().isEqualTo("{}");
    }

    /** Without those that the broker adds. */
    private static Map<String, String> texts(GetResponse message) {
        return message.getProps().getHeaders().entrySet().stream()
                .filter(header -> !header.getKey().startsWith("x-"))
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.valueOf(header.getValue())));
    }

    @Test
    void the_time_zones_of_server_and_client_move_no_timestamp() throws Exception {
        Instant time = Instant.parse("2026-03-29T01:30:00Z"); // does not exist in half of Europe's clocks
        stage.sql("SET GLOBAL time_zone = '+09:00'").update();
        TimeZone ours = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            insertAt(time);
            stage.startRelay().awaitState(RelayState.STREAMING);
            insertAt(time);

            assertThat(stage.take(2))
                    .extracting(message -> message.getProps().getTimestamp().toInstant())
                    .containsExactly(time, time);
        } finally {
            stage.sql("SET GLOBAL time_zone = DEFAULT").update();
            TimeZone.setDefault(ours);
        }
    }

    /** As after a leap of its clock, or where a session has been given a time. */
    @Test
    void a_row_from_a_clock_that_is_wrong_is_published_and_leaves_no_lag_behind() throws Exception {
        stage.properties.put("relay.offset.idle-interval", "300ms");
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        for (String clock : List.of("2037-01-01 00:00:00", "2001-01-01 00:00:00")) {
            try (Connection connection = stages.mysql().connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET timestamp = UNIX_TIMESTAMP('%s')".formatted(clock));
                statement.execute("""
                        INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload)
                        VALUES (UUID_TO_BIN(UUID()), 'Order', 'o-1', 'OrderPlaced', '{}')""".formatted(schema));
            }
        }
        String id = stage.insert("o-1", 1);

        assertThat(Stage.ids(stage.take(3))).last().isEqualTo(id);
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() ->
                        relay.meters().get("outbox.relay.lag.seconds").gauge().value() < 60);
        assertThat(relay.meters().get("outbox.relay.commit.to.confirm").timer().max(TimeUnit.SECONDS))
                .isBetween(0.0, 60.0);
    }

    private void insertAt(Instant time) throws Exception {
        try (Connection connection = stages.mysql().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET time_zone = '-03:30'");
            statement.execute("""
                    INSERT INTO `%s`.outbox (id, aggregatetype, aggregateid, type, payload, created_at)
                    VALUES (UUID_TO_BIN(UUID()), 'Order', 'o-1', 'OrderPlaced', '{}', FROM_UNIXTIME(%d))""".formatted(schema, time.getEpochSecond()));
        }
    }

    @Test
    void several_tables_are_found_by_name_and_by_a_regular_expression() throws Exception {
        for (String table : List.of("outbox_a", "outbox_b")) {
            stage.sql("CREATE TABLE `%1$s`.%2$s LIKE `%1$s`.outbox".formatted(schema, table))
                    .update();
            readable(table);
        }
        stage.properties.put("relay.tables", schema + ".outbox," + schema + "\\.outbox_.*");
        stage.startRelay().awaitState(RelayState.STREAMING);
        for (String table : List.of("outbox_a", "outbox", "outbox_b")) {
            stage.sql("""
                            INSERT INTO `%s`.%s (id, aggregatetype, aggregateid, type, payload)
                            VALUES (UUID_TO_BIN(UUID()), 'T', '%s', 'Made', '{}')""".formatted(schema, table, table)).update();
        }

        assertThat(stage.take(3))
                .extracting(message ->
                        String.valueOf(message.getProps().getHeaders().get("aggregate-id")))
                .containsExactly("outbox_a", "outbox", "outbox_b");
    }

    @Test
    void everything_that_is_wrong_with_the_tables_is_said_at_once() throws Exception {
        stage.sql("CREATE TABLE `%s`.half (id BIGINT PRIMARY KEY, type VARCHAR(50))".formatted(schema))
                .update();
        readable("half");
        stage.properties.put("relay.tables", schema + ".half," + schema + ".none");
        Stage.Running relay = stage.startRelay();

        relay.awaitState(RelayState.BACKOFF);

        assertThat(relay.supervisor().status().why())
                .contains(schema + ".none does not exist")
                .contains(schema + ".half lacks the columns aggregateid, aggregatetype, payload");
    }

    private void readable(String table) {
        stage.sql("GRANT SELECT, DELETE ON `%s`.`%s` TO `%s`".formatted(schema, table, stage.names.outboxRelay()))
                .update();
    }
}
