package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The runbooks of docs/operations.md: each incident is made, and the page's steps are taken as they stand there. */
@ExtendWith(CommandExtension.class)
class OperationsIT {

    static final Path RUNBOOKS = Path.of("../docs/operations.md");

    private final Stage stage;
    private final Cli cli;

    OperationsIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void the_relay_is_behind_and_then_the_binlog_is_about_to_be_purged() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        List<String> ids = insert(20);

        Transcript behind = Transcript.of(RUNBOOKS, "## The relay is behind");
        behind.first(2).play(cli, Map.of());
        stage.sql("SET GLOBAL binlog_expire_logs_seconds = 3600").update();
        Transcript.of(RUNBOOKS, "## The binlog is about to be purged").play(cli, Map.of());
        stage.startRelay();

        assertThat(Stage.ids(stage.take(20))).isEqualTo(ids);
        Awaitility.await().atMost(Stage.PATIENCE).untilAsserted(() -> behind.last()
                .play(cli, Map.of()));
    }

    @Test
    void events_are_missing() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = insert(3);
        stage.take(3);
        stage.stopRelays();
        stage.sql("UPDATE `%s`.outbox SET created_at = created_at - INTERVAL 1 HOUR".formatted(stage.names.orders()))
                .update();
        new Ledger(stage).sent(ids.subList(0, 2));

        Transcript.of(RUNBOOKS, "## Events are missing").play(cli, Map.of("MISSING", ids.get(2)));

        assertThat(Stage.ids(stage.take(1))).containsExactly(ids.get(2));
    }

    @Test
    void the_position_is_lost() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        List<String> ids = insert(3);
        stage.purgeBinlogs();

        Transcript.of(RUNBOOKS, "## The position is lost").play(cli, Map.of());
        Stage.Running relay = stage.startRelay();

        assertThat(Stage.ids(stage.take(3))).isEqualTo(ids);
        assertThat(relay.count("outbox.relay.positions.lost")).isEqualTo(1);
        assertThat(cli.run("offsets", "history").out()).containsPattern("(?m)^\\S+Z +recovery +\\d+ +\\d+ +\\S+");
    }

    @Test
    void the_position_is_lost_and_the_relay_stands_still_until_somebody_has_decided() throws Exception {
        stage.properties.put("relay.on-lost-position", "stop");
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        List<String> ids = insert(3);
        stage.purgeBinlogs();
        // It looks again from time to time, and while it looks it runs: here, after the test.
        stage.properties.put("relay.backoff.initial", "1h");
        stage.properties.put("relay.backoff.max", "1h");
        Stage.Running standing = stage.startRelay();
        standing.awaitState(RelayState.BLOCKED);
        assertThat(standing.supervisor().status().why()).contains("purged");
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> cli.run("lag").out().strip().equals("relay=orders running=true position=lost"));

        Transcript.of(RUNBOOKS, "## The position is lost").after(1).play(cli, Map.of());
        assertThat(standing.supervisor().status().state()).isEqualTo(RelayState.BLOCKED);
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        standing.close();
        stage.properties.put("relay.on-lost-position", "republish"); // started once with it
        stage.startRelay();

        assertThat(Stage.ids(stage.take(3))).isEqualTo(ids);
    }

    @Test
    void two_relays_of_different_names() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.properties.put("relay.name", "orders2");
        Stage.Running other = stage.startRelay();
        other.awaitState(RelayState.STREAMING);
        stage.properties.remove("relay.name");
        String twice = stage.insert("order-1", 1);
        assertThat(Stage.ids(stage.take(2))).containsOnly(twice);

        Transcript.of(RUNBOOKS, "## Duplicate relays").play(cli, Map.of());
        other.close();
        List<String> once = insert(2);

        assertThat(Stage.ids(stage.take(2))).isEqualTo(once);
    }

    private List<String> insert(int rows) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            ids.add(stage.insert("order-1", n));
        }
        return ids;
    }
}
