package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.ChildProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What moves by hand do beside a running relay and beside each other. */
@ExtendWith(CommandExtension.class)
class OffsetsMoveRacesIT {

    private final Stage stage;
    private final Cli cli;

    OffsetsMoveRacesIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
        stage.properties.put("relay.lease.ttl", "1s");
    }

    @Test
    void a_rewind_under_load_fences_the_relay_that_runs_and_loses_nothing() throws Exception {
        List<String> expected = stage.insert("order-1", 1, 100);
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        long epoch = relay.supervisor().status().epoch();
        CompletableFuture<List<String>> load = CompletableFuture.supplyAsync(() -> stage.insert("order-1", 101, 600));
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 200);

        Cli.Result rewind =
                cli.run("offsets", "rewind", "--to-event", expected.get(10), "--confirm=orders", "-o", "json");
        assertThat(rewind.code()).isZero();
        List<String> again = rewind.events();
        assertThat(again).startsWith(expected.get(10));
        expected.addAll(load.join());
        relay.awaitState(RelayState.STREAMING);
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> relay.supervisor().status().epoch() > epoch + 1);
        expected.add(stage.insert("order-1", 601));

        List<String> arrived = new ArrayList<>();
        while (!arrived.contains(expected.get(600))) {
            arrived.addAll(Stage.ids(stage.take(1)));
        }
        assertThat(arrived.stream().distinct()).containsExactlyElementsOf(expected);
        // From the place of the move on, everything came once more in one piece.
        assertThat(arrived.subList(arrived.lastIndexOf(expected.get(10)), arrived.size()))
                .isEqualTo(expected.subList(10, 601));
        assertThat(again)
                .allSatisfy(id ->
                        assertThat(arrived.stream().filter(id::equals).count()).isGreaterThanOrEqualTo(2));
    }

    @Test
    void a_rewind_cut_off_or_killed_when_it_has_stored_the_position_and_not_yet_fenced_the_relay_has_done_nothing()
            throws Exception {
        List<String> expected = stage.insert("order-1", 1, 20);
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> arrived = new ArrayList<>(Stage.ids(stage.take(20)));
        String relay = stage.names.relay();
        try (Connection gate = stage.mysql.connect();
                var statement = gate.createStatement()) {
            // Its move stops behind the new position and epoch, before the lease is given the epoch.
            statement.execute("SELECT GET_LOCK('gate', 0)");
            statement.execute(
                    "CREATE TRIGGER `%1$s`.gate BEFORE INSERT ON `%1$s`.relay_offset_history FOR EACH ROW SET @waited = IF(NEW.cause = 'REWIND', GET_LOCK('gate', 600), 0)"
                            .formatted(relay));
            CompletableFuture<Cli.Result> cutOff = CompletableFuture.supplyAsync(
                    () -> cli.run("offsets", "rewind", "--to-event", expected.get(10), "--confirm=orders"));
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> waitsAtTheGate() == 1);
            statement.execute("KILL "
                    + stage.sql("SELECT id FROM information_schema.processlist WHERE state = 'User lock'")
                            .query(Long.class)
                            .single());
            assertThat(cutOff.join()).satisfies(unknown -> {
                assertThat(unknown.code()).isEqualTo(1);
                assertThat(unknown.err()).contains("MySQL went away while the position was being stored");
            });
            try (ChildProcess rewind =
                    cli.start("offsets", "rewind", "--to-event=" + expected.get(10), "--confirm=orders")) {
                Awaitility.await().atMost(Stage.PATIENCE).until(() -> waitsAtTheGate() == 1);
                rewind.kill();
            }
            statement.execute("SELECT RELEASE_LOCK('gate')");
            expected.addAll(stage.insert("order-1", 21, 30));
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> waitsAtTheGate() == 0);
            statement.execute("DROP TRIGGER `%s`.gate".formatted(relay));
        }
        while (!arrived.contains(expected.get(29))) {
            arrived.addAll(Stage.ids(stage.take(1)));
        }

        assertThat(arrived.stream().distinct()).containsExactlyElementsOf(expected);
        assertThat(arrived)
                .as("nothing came again from where it was to go back to")
                .containsOnlyOnce(expected.get(10));
        assertThat(rewinds()).isZero();
        Cli.Result again =
                cli.run("offsets", "rewind", "--to-event", expected.get(25), "--confirm=orders", "-o", "json");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(stage.takeDistinct(5)).isEqualTo(expected.subList(25, 30));
    }

    @Test
    void of_two_operators_who_looked_at_the_same_offset_one_is_refused() throws Exception {
        List<String> ids = stage.insert("order-1", 1, 3);
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.take(3);
        stage.stopRelays();
        List<Cli.Result> results;
        try (Connection lock = DriverManager.getConnection(
                        stage.mysql.jdbcUrl(stage.names.relay()), "root", stage.mysql.rootPassword());
                var statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("SELECT * FROM `%s`.relay_lease FOR UPDATE".formatted(stage.names.relay()));
            List<CompletableFuture<Cli.Result>> operators = IntStream.range(0, 2)
                    .mapToObj(n -> CompletableFuture.supplyAsync(
                            () -> cli.run("offsets", "rewind", "--to-event", ids.get(n), "--confirm=orders")))
                    .toList();
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .until(() -> stage.sql(
                                            "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
                                    .query(Integer.class)
                                    .single()
                            >= 2);
            lock.rollback();
            results = operators.stream().map(CompletableFuture::join).toList();
        }

        assertThat(results.stream().map(Cli.Result::code)).containsExactlyInAnyOrder(0, 1);
        assertThat(results.stream().map(Cli.Result::err))
                .anyMatch(err -> err.contains("nothing was changed: the offset was moved meanwhile"));
        assertThat(rewinds()).isEqualTo(1);
    }

    private int waitsAtTheGate() {
        return stage.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User lock'")
                .query(Integer.class)
                .single();
    }

    private int rewinds() {
        return stage.sql("SELECT COUNT(*) FROM `%s`.relay_offset_history WHERE cause = 'REWIND'"
                        .formatted(stage.names.relay()))
                .query(Integer.class)
                .single();
    }
}
