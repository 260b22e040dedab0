package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two relay processes of one name under load, of which the one that publishes fails. */
class TakeoverIT {

    private static final int WINDOW = 100;
    private static final int EVENTS = 1_500;

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
        stage.properties.put("relay.window.messages", WINDOW);
        stage.properties.put("relay.lease.ttl", "2s");
    }

    @Test
    void a_leader_that_is_killed_is_replaced_without_loss_and_in_order() throws Exception {
        try (RelayProcess leader = RelayProcess.start(stage);
                RelayProcess standby = RelayProcess.start(stage)) {
            CompletableFuture<List<String>> load = load();
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 300);
            leader.process().kill();

            assertThat(stage.takeDistinct(EVENTS)).containsExactlyElementsOf(load.join());
            assertThat(standby.health()).contains("\"state\":\"STREAMING\"");
        }
    }

    @Test
    void a_leader_that_sleeps_past_its_lease_finds_itself_replaced_and_moves_no_offset() throws Exception {
        try (RelayProcess leader = RelayProcess.start(stage);
                RelayProcess standby = RelayProcess.start(stage)) {
            CompletableFuture<List<String>> load = load();
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 300);
            long epoch = epoch();
            leader.process().freeze();
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> epoch() > epoch);
            long successor = epoch();
            leader.process().thaw();

            assertThat(stage.takeDistinct(EVENTS)).containsExactlyElementsOf(load.join());
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> leader.health()
                    .contains("\"state\":\"STANDBY\""));
            assertThat(standby.health()).contains("\"state\":\"STREAMING\"");
            assertThat(epoch()).isEqualTo(successor);
        }
    }

    private CompletableFuture<List<String>> load() {
        return CompletableFuture.supplyAsync(() -> {
            List<String> ids = new ArrayList<>();
            for (int n = 0; n < EVENTS; n++) {
                ids.add(stage.insert("order-1", n));
            }
            return ids;
        });
    }

    /** Of the last writer of the offset. */
    private long epoch() {
        return stage.sql("SELECT epoch FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(Long.class)
                .single();
    }
}
