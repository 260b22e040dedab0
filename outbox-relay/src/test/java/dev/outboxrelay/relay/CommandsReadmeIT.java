package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of the commands is what they print. */
class CommandsReadmeIT {

    private static final Path README = Path.of("README.md");

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @TempDir
    Path directory;

    @Test
    void offsets_and_lag() throws Exception {
        Stage stage = stages.stage();
        List<String> ids = new ArrayList<>();
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        for (int n = 1; n <= 4; n++) {
            ids.add(stage.insert("order-" + (n + 1) / 2, n, n % 2 == 1 ? "OrderPlaced" : "OrderPaid", "{}"));
        }
        stage.take(4);
        relay.close();
        ids.add(stage.insert("order-3", 1));

        Transcript.of(README, "### Where it stands, and moving it")
                .play(stage, new Cli(stage, directory), directory, Map.of("EVENT", ids.get(2), "POISON", ids.get(4)));

        stage.startRelay().awaitState(RelayState.STREAMING);
        assertThat(Stage.ids(stage.take(2))).isEqualTo(ids.subList(2, 4));
    }
}
