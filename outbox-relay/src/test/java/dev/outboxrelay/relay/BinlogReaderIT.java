package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.BinlogOpener;
import dev.outboxrelay.relay.binlog.BinlogReader;
import dev.outboxrelay.relay.binlog.OutboxRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What commands read of the binlog is what the relay would publish of it, and their positions mean the same to the relay. */
class BinlogReaderIT {

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @TempDir
    Path directory;

    @Test
    void reads_the_same_messages_at_the_same_positions_as_the_relay() throws Exception {
        assertAgreement(stages.stage());
    }

    @Test
    void without_gtids_too() throws Exception {
        try (MySqlServer mysql = MySqlServer.builder()
                        .options(
                                "--gtid-mode=OFF",
                                "--enforce-gtid-consistency=OFF",
                                "--binlog-transaction-compression=ON")
                        .start(directory.resolve("mysql"));
                Stage stage = new Stage(mysql, stages.rabbit(), "", stages.stage().vhost)) {
            assertAgreement(stage);
        }
    }

    private static void assertAgreement(Stage stage) throws Exception {
        String outbox = stage.names.orders() + ".outbox";
        stage.sql("""
                        ALTER TABLE %s ADD COLUMN tenant ENUM('a', 'it''s', 'Ü') NULL, ADD COLUMN amount DECIMAL(10,2) NULL,
                          ADD COLUMN big BIGINT UNSIGNED NULL, ADD COLUMN small TINYINT UNSIGNED NULL,
                          ADD COLUMN place VARCHAR(20) CHARACTER SET latin1 NULL""".formatted(outbox)).update();
        stage.properties.put("relay.columns.as-headers", "tenant,amount,big,small,place");
        Settings settings = stage.settings();
        Server server = new Server(stage.jdbc);
        Position start = server.currentPosition();
        stage.insert("order-1", 1, "OrderPlaced", "{\"name\":\"王小明\"}");
        stage.sql("""
                        INSERT INTO %1$s (id, aggregatetype, aggregateid, type, payload, headers, tenant, amount, big, small, place)
                        VALUES (UNHEX('01020304050607080910111213140000'), 'Order', 'order-2', 'A', '{}', '{"a": 1, "b": "ü"}', 'it''s',
                                12.30, 18446744073709551615, 200, 'Köln'),
                               (UNHEX('01020304050607080910111213140001'), 'Order', 'order-2', 'B', '{}', NULL, 'Ü', NULL, 1, 1, '')""".formatted(outbox)).update();
        stage.insertPoison("order-3");
        stage.sql("CREATE TABLE %s.other (id INT)".formatted(stage.names.orders()))
                .update();
        stage.sql("INSERT INTO %s.other VALUES (1), (2)".formatted(stage.names.orders()))
                .update();
        stage.insert("order-1", 2);

        BinlogReader reader = new BinlogReader(
                settings.mysql(),
                new OutboxRows(
                        stage.jdbc, settings.relay().tables(), settings.relay().rowMapper()));
        List<SourceEvent> read = read(reader, start, server.currentPosition());
        List<SourceEvent> relayed = relayed(stage, settings, start, 5);

        assertThat(read)
                .hasSize(5)
                .map(BinlogReaderIT::content)
                .isEqualTo(relayed.stream().map(BinlogReaderIT::content).toList());
        assertThat(read)
                .map(BinlogReaderIT::place)
                .isEqualTo(relayed.stream().map(BinlogReaderIT::place).toList());
        for (int n = 1; n < 5; n++) {
            Position behind = read.get(n - 1).position();
            assertThat(read(reader, behind, server.currentPosition()))
                    .as("read from behind event %d, %s", n, behind)
                    .map(BinlogReaderIT::content)
                    .isEqualTo(
                            read.stream().skip(n).map(BinlogReaderIT::content).toList());
        }
        assertThat(relayed(stage, settings, read.get(1).position(), 3))
                .map(BinlogReaderIT::content)
                .isEqualTo(read.stream().skip(2).map(BinlogReaderIT::content).toList());
    }

    private static List<SourceEvent> read(BinlogReader reader, Position from, Position end) throws IOException {
        List<SourceEvent> events = new ArrayList<>();
        reader.read(from, end, entry -> {
            if (entry instanceof BinlogEntry.Event found) {
                events.add(found.event());
            }
            return true;
        });
        return events;
    }

    private static List<SourceEvent> relayed(Stage stage, Settings settings, Position from, int count) {
        List<SourceEvent> events = new CopyOnWriteArrayList<>();
        BinlogOpener opener = new BinlogOpener(
                settings.mysql(),
                stage.jdbc,
                settings.relay().tables(),
                settings.relay().rowMapper(),
                Duration.ofSeconds(1));
        try (Source source = opener.open(from, events::add, cause -> {})) {
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .until(() -> events.stream()
                                    .filter(e -> !(e instanceof SourceEvent.Marker))
                                    .count()
                            >= count);
            assertThat(source.isConnected()).isTrue();
        }
        return events.stream().filter(e -> !(e instanceof SourceEvent.Marker)).toList();
    }

    /** Everything that goes out. */
    private static String content(SourceEvent event) {
        if (event instanceof SourceEvent.Row row) {
            OutboxMessage m = row.message();
            return "%s %s %s %s %s %s %s"
                    .formatted(
                            m,
                            m.aggregateVersion(),
                            m.createdAt(),
                            m.exchange(),
                            m.routingKey(),
                            m.headers(),
                            new String(m.payload(), StandardCharsets.UTF_8));
        }
        return event instanceof SourceEvent.Poison poison
                ? poison.row().id() + " " + poison.row().aggregateId() + " "
                        + poison.row().detail()
                : event.toString();
    }

    /** Where to resume, apart from what Debezium only notes in passing. */
    private static Map<String, String> place(SourceEvent event) {
        Map<String, String> place = new HashMap<>();
        event.position().offset().forEach((key, value) -> place.put(key, value.toString()));
        place.remove("server_id");
        place.remove("ts_sec");
        return place;
    }
}
