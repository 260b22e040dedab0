package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    void a_leader_that_is_killed_is_replaced_without_loss_in_order_and_with_bounded_duplicates() throws Exception {
        try (RelayProcess leader = RelayProcess.start(stage);
                RelayProcess standby = RelayProcess.start(stage)) {
            CompletableFuture<List<String>> load = load();
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 300);
            leader.process().kill();
            long unstored = Unstored.count(stage);

            List<String> arrived = arrivals();
            assertThat(arrived.stream().distinct()).containsExactlyElementsOf(load.join());
            assertThat((long) arrived.size() - EVENTS).isLessThanOrEqualTo(unstored);
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
            long unstored = Unstored.count(stage);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> epoch() > epoch);
            long successor = epoch();
            leader.process().thaw();

            List<String> arrived = arrivals();
            assertThat(arrived.stream().distinct()).containsExactlyElementsOf(load.join());
            // Awake, it may end what it was about to send.
            assertThat((long) arrived.size() - EVENTS).isLessThanOrEqualTo(unstored + WINDOW);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> leader.health()
                    .contains("\"state\":\"STANDBY\""));
            assertThat(standby.health()).contains("\"state\":\"STREAMING\"");
            assertThat(epoch()).isEqualTo(successor);
        }
    }

    /** Ids of all messages, in their order, until there is none left. */
    private List<String> arrivals() throws Exception {
        List<String> arrived = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        while (distinct.size() < EVENTS || stage.channel.messageCount(Stage.QUEUE) > 0) {
            List<String> ids = Stage.ids(stage.take(1));
            arrived.addAll(ids);
            distinct.addAll(ids);
        }
        return arrived;
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
