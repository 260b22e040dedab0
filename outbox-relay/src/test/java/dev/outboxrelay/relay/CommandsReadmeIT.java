package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the README shows of the commands is what they print. */
@ExtendWith(CommandExtension.class)
class CommandsReadmeIT {

    private static final Path README = Path.of("README.md");

    private final Stage stage;
    private final Cli cli;

    CommandsReadmeIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void doctor() throws Exception {
        DoctorSetUp.restartBinlog(stage);
        DoctorSetUp.makeQueues(stage);
        stage.insert("order-1", 1);
        stage.insert("order-1", 2, "Refunds.Asked", "{}");
        stage.properties.put("relay.broker-management.url", "http://127.0.0.1:" + stage.rabbit.managementPort());

        Transcript.of(README, "### Is everything as it should be").play(cli, Map.of());
    }

    @Test
    void offsets_and_lag() throws Exception {
        List<String> ids = new ArrayList<>();
        stage.properties.put("relay.offset.interval", "1m"); // so that what is confirmed is stored when it stops
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        for (int n = 1; n <= 4; n++) {
            ids.add(stage.insert("order-" + (n + 1) / 2, n, n % 2 == 1 ? "OrderPlaced" : "OrderPaid", "{}"));
        }
        stage.take(4);
        relay.close();
        ids.add(stage.insert("order-3", 1));

        Transcript.of(README, "### Where it stands, and moving it")
                .play(cli, Map.of("EVENT", ids.get(2), "POISON", ids.get(4)));

        stage.startRelay().awaitState(RelayState.STREAMING);
        assertThat(Stage.ids(stage.take(2))).isEqualTo(ids.subList(2, 4));
    }

    @Test
    void quarantine() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String poison = stage.insertPoison("order-1");
        String follower = stage.insert("order-1", 2);
        String unwanted = stage.insertPoison("order-2");
        String behind = stage.insert("order-2", 2);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 4);
        Transcript page = Transcript.of(README, "### What is in quarantine");

        page.first(2).play(cli, Map.of("POISON", poison));
        stage.sql("UPDATE `%s`.outbox SET headers = NULL WHERE aggregateid = 'order-1'".formatted(stage.names.orders()))
                .update();
        page.after(2).play(cli, Map.of("UNWANTED", unwanted));

        assertThat(Stage.ids(stage.take(3))).containsExactly(poison, follower, behind);
        assertThat(stage.quarantine()).isEmpty();
    }

    @Test
    void events() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= 4; n++) {
            ids.add(stage.insert("order-" + (n + 1) / 2, n, n % 2 == 1 ? "OrderPlaced" : "OrderPaid", "{}"));
        }
        stage.take(4);
        stage.stopRelays();

        Transcript.of(README, "### Events").play(cli, Map.of("EVENT", ids.get(1)));

        assertThat(Stage.ids(stage.take(2))).isEqualTo(ids.subList(2, 4));
    }

    @Test
    void audit() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = stage.insert("order-1", 1, 4);
        stage.take(4);
        stage.stopRelays();
        stage.sql("UPDATE `%s`.outbox SET created_at = created_at - INTERVAL 1 HOUR".formatted(stage.names.orders()))
                .update();
        Ledger ledger = new Ledger(stage);
        ledger.sent(ids.subList(0, 2));
        ledger.has(ids.get(2), "FAILED", 0);

        Transcript.of(README, "### Has everything arrived").play(cli, Map.of());
    }
}
