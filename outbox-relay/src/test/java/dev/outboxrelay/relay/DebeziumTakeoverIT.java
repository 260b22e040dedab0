package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a stock Debezium to the relay and back, while rows are being written. */
@ExtendWith(CommandExtension.class)
class DebeziumTakeoverIT {

    private final Stage stage;
    private final Cli cli;
    private final AtomicBoolean enough = new AtomicBoolean();

    DebeziumTakeoverIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void from_a_stock_engine_and_back_nothing_is_lost() throws Exception {
        Path offsets = cli.directory().resolve("offsets.dat");
        List<String> byEngine;
        CompletableFuture<List<String>> load;
        try (StockEngine engine = new StockEngine(stage, "no_data", offsets)) {
            probeUntil(() -> !engine.published().isEmpty());
            load = CompletableFuture.supplyAsync(() -> insertWhile(n -> !enough.get()));
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .until(() -> engine.published().size() > 200);
            byEngine = engine.published();
        }
        enough.set(true);
        List<String> all = load.join();

        assertThat(cli.run("offsets", "import", "--from-debezium", offsets.toString()))
                .satisfies(unconfirmed -> {
                    assertThat(unconfirmed.code()).isEqualTo(2);
                    assertThat(unconfirmed.err()).contains("the relay begins there", "--confirm=orders");
                });
        Cli.Result byFile = cli.run(
                "offsets", "import", "--from-debezium", offsets.toString(), "--name=old", "--dry-run", "-o", "json");
        String table = jdbcStorage(offsets);
        String[] byTable = {
            "offsets", "import", "--from-debezium=jdbc:" + table, "--name=old-engine", "--dry-run", "-o", "json"
        };
        assertThat(cli.run(byTable).json()).isEqualTo(byFile.json());
        // As one that was read from a replica: its places are others, in files that are called alike or not.
        for (String ofReplica : List.of(
                "JSON_SET(offset_val, '$.pos', 4, '$.event', 999999)",
                "REPLACE(offset_val, 'binlog.0', 'replica.9')")) {
            stage.sql("UPDATE %s SET offset_val = %s".formatted(table, ofReplica))
                    .update();
            assertThat(cli.run(byTable)).as(ofReplica).satisfies(imported -> {
                assertThat(imported.code()).as(imported.err()).isZero();
                assertThat(imported.events()).isEqualTo(byFile.events());
            });
        }
        assertThat(cli.run("offsets", "import", "--from-debezium", offsets.toString(), "--confirm=orders")
                        .code())
                .isZero();
        Stage.Running relay = stage.startRelay();
        List<String> arrived = new ArrayList<>(byEngine);
        assertThat(arrived).doesNotContain(last(all));
        while (!arrived.contains(last(all))) {
            arrived.addAll(Stage.ids(stage.take(1)));
        }
        assertThat(arrived.stream().distinct().filter(all::contains)).containsExactlyElementsOf(all);
        assertThat(arrived.stream().filter(all.get(0)::equals))
                .as("the table was not published again")
                .hasSize(1);
        relay.awaitState(RelayState.STREAMING);
        relay.close();

        List<String> meanwhile = insert(5);
        assertThat(cli.run(
                                "offsets",
                                "export",
                                "--as-debezium",
                                offsets.toString(),
                                "--name=old-engine",
                                "--topic-prefix=old")
                        .code())
                .isZero();
        try (StockEngine engine = new StockEngine(stage, "recovery", offsets)) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> engine.published()
                    .contains(meanwhile.get(4)));
            assertThat(engine.published()).isEqualTo(meanwhile);
        }
    }

    @Test
    @EnabledIf("dev.outboxrelay.relay.StockServer#canBeHad")
    void from_a_debezium_server_that_is_killed_nothing_is_lost() throws Exception {
        CompletableFuture<List<String>> load;
        Path offsets;
        try (StockServer server = StockServer.start(stage, stage.rabbit, cli.directory())) {
            probeUntil(() -> stage.channel.messageCount(Stage.QUEUE) > 0);
            load = CompletableFuture.supplyAsync(() -> insertWhile(n -> !enough.get()));
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 200);
            server.kill();
            offsets = server.offsets();
        }

        assertThat(cli.run("offsets", "import", "--from-debezium", offsets.toString(), "--name=nobody")
                        .err())
                .contains("has the offsets of rabbitmq (topic.prefix old): choose one with --name");
        assertThat(cli.run("offsets", "import", "--from-debezium", offsets.toString(), "--confirm=orders"))
                .satisfies(imported ->
                        assertThat(imported.code()).as(imported.err()).isZero());
        stage.startRelay().awaitState(RelayState.STREAMING);
        enough.set(true);
        List<String> expected = IntStream.rangeClosed(1, load.join().size())
                .mapToObj(DebeziumTakeoverIT::body)
                .toList();
        List<String> bodies = new ArrayList<>();
        while (!bodies.contains(last(expected))) {
            bodies.add(new String(stage.take(1).get(0).getBody(), StandardCharsets.UTF_8));
        }
        assertThat(bodies.stream().distinct().filter(expected::contains)).containsExactlyElementsOf(expected);
        assertThat(bodies.stream().filter(body(1)::equals))
                .as("the table was not published again")
                .hasSize(1);
    }

    @Test
    void a_position_that_was_exported_can_be_imported_and_one_of_another_server_can_not() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        insert(1);
        stage.take(1);
        stage.stopRelays();
        Path file = Files.writeString(
                cli.directory().resolve("position.json"),
                cli.run("offsets", "export").out());
        List<String> later = insert(2);
        Stage.Running relay = stage.startRelay();
        stage.take(2);
        relay.close();

        Cli.Result back = cli.run("offsets", "import", file.toString(), "--confirm=orders", "-o", "json");
        assertThat(back.json().path("events").valueStream().map(event -> event.path("id")
                        .asString()))
                .isEqualTo(later);
        assertThat(cli.run("offsets", "export").json()).isEqualTo(Cli.parse(Files.readString(file)));
        assertThat(cli.run("offsets", "import", file.toString()).err()).contains("It stands there already.");
        assertThat(cli.run("offsets", "history", "--limit=1", "-o", "json")
                        .json()
                        .get(0)
                        .path("cause")
                        .asString())
                .isEqualTo("import");

        Files.writeString(
                file, Files.readString(file).replaceFirst("\"gtids\" : \"[0-9a-f]{8}", "\"gtids\" : \"01234567"));
        assertThat(cli.run("offsets", "import", file.toString(), "--confirm=orders"))
                .satisfies(foreign -> {
                    assertThat(foreign.code()).isEqualTo(1);
                    assertThat(foreign.err()).contains("never executed some of its transactions");
                });
        Files.writeString(
                file, cli.run("offsets", "export").out().replaceFirst("\"pos\" : \\d+", "\"pos\" : 999999999999"));
        assertThat(cli.run("offsets", "import", file.toString(), "--confirm=orders"))
                .satisfies(beyond -> {
                    assertThat(beyond.code()).isEqualTo(1);
                    assertThat(beyond.err()).contains("999999999999", "is no place on this server", "bytes long");
                });
        Files.writeString(file, "{}");
        assertThat(cli.run("offsets", "import", file.toString()).err()).contains("not what offsets export writes");
        assertThat(cli.run("offsets", "import", "--from-debezium", file.toString())
                        .err())
                .contains("is not an offset file of Debezium");
        assertThat(cli.run("offsets", "import", "nowhere.json")).satisfies(missing -> {
            assertThat(missing.code()).isEqualTo(1);
            assertThat(missing.err()).contains("nowhere.json: there is no such file or directory");
        });
        assertThat(cli.run("offsets", "import", "--from-debezium=jdbc:relay.nothing")
                        .err())
                .contains("--from-debezium: relay.nothing can't be read as the table of Debezium's JDBC store");
    }

    private List<String> insert(int rows) {
        return insertWhile(n -> n <= rows);
    }

    private List<String> insertWhile(IntPredicate more) {
        List<String> ids = new ArrayList<>();
        for (int n = 1; more.test(n); n++) {
            ids.add(stage.insert("order-1", n, "OrderPlaced", body(n)));
        }
        return ids;
    }

    private static String last(List<String> list) {
        return list.get(list.size() - 1);
    }

    private static String body(int n) {
        return "{\"n\":" + n + "}";
    }

    /** Writes rows until the first of them comes through: a Debezium that has no offset begins when it is ready. */
    private void probeUntil(Callable<Boolean> through) {
        Awaitility.await()
                .atMost(Stage.PATIENCE.multipliedBy(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    stage.insert("probe", 0, "Probed", "{}");
                    return through.call();
                });
    }

    /** The same offsets as a table of Debezium's JDBC store has them. */
    private String jdbcStorage(Path offsets) throws IOException, ClassNotFoundException {
        String table = stage.names.relay() + ".debezium_offset_storage";
        stage.sql("""
                        CREATE TABLE %s (id VARCHAR(36) NOT NULL, offset_key VARCHAR(1255), offset_val VARCHAR(1255),
                          record_insert_ts TIMESTAMP NOT NULL, record_insert_seq INTEGER NOT NULL, PRIMARY KEY (id))""".formatted(table)).update();
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(offsets))) {
            for (Map.Entry<?, ?> entry : ((HashMap<?, ?>) in.readObject()).entrySet()) {
                stage.sql("INSERT INTO %s VALUES (UUID(), ?, ?, NOW(), 1)".formatted(table))
                        .params(
                                new String((byte[]) entry.getKey(), StandardCharsets.UTF_8),
                                new String((byte[]) entry.getValue(), StandardCharsets.UTF_8))
                        .update();
            }
        }
        return table;
    }
}
