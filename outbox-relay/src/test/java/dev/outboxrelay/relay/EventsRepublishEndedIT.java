package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.outboxrelay.local.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code events republish} that does not get to its end, and what is done then. */
@ExtendWith(CommandExtension.class)
class EventsRepublishEndedIT {

    private final Stage stage;
    private final Cli cli;

    EventsRepublishEndedIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void a_database_that_goes_away_ends_it_with_the_account() throws Exception {
        List<String> ids = EventsRepublishIT.published(stage, 250, n -> "OrderPlaced");
        CompletableFuture<Cli.Result> replay = CompletableFuture.supplyAsync(() -> cli.run(
                "events", "republish", "--aggregate=Order/order-1", "--rate=200", "--confirm=orders", "-o", "json"));
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 0);
        long connection = stage.sql(
                        "SELECT MAX(id) FROM information_schema.processlist WHERE user = ? AND command = 'Sleep'")
                .param(stage.names.outboxRelay())
                .query(Long.class)
                .single();
        stage.sql("KILL " + connection).update();

        Cli.Result ended = replay.join();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.json().path("failure").asString()).startsWith("the outbox could not be read: ");
        int confirmed = ended.json().path("confirmed").asInt();
        assertThat(confirmed).as("whole batches").isIn(100, 200);
        assertThat(ended.json().path("unsent").valueStream().map(JsonNode::asString))
                .containsExactlyElementsOf(ids.subList(confirmed, 250));
        assertThat(Stage.ids(stage.take(confirmed))).isEqualTo(ids.subList(0, confirmed));
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }

    @Test
    void interrupted_it_says_how_far_it_came_and_what_is_left_is_published_from_there() throws Exception {
        List<String> ids = EventsRepublishIT.published(stage, 400, n -> "OrderPlaced");
        List<String> arrived = new ArrayList<>();
        String after;
        try (ChildProcess replay =
                cli.start("events", "republish", "--aggregate=Order/order-1", "--rate=50", "--confirm=orders")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> replay.output()
                    .contains(" of 400 confirmed; "));
            Cli.interrupt(replay);
            assertThat(replay.awaitExit(Stage.PATIENCE)).isEqualTo(130);
            String said = replay.output();
            assertThat(said)
                    .containsPattern("\\d+ of 400 confirmed, then: it was interrupted. 0 sent and not confirmed");
            int confirmed = Integer.parseInt(said.replaceFirst("(?s).*?(\\d+) of 400 confirmed, then.*", "$1"));
            assertThat(confirmed).isBetween(1, 399);
            after = said.replaceFirst("(?s).* --after=(\\S+).*", "$1");
            assertThat(after).isEqualTo(ids.get(confirmed - 1));
            arrived.addAll(Stage.ids(stage.take(confirmed)));
            assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        }
        long started = System.nanoTime();
        Cli.Result rest = cli.run(
                "events",
                "republish",
                "--aggregate=Order/order-1",
                "--after=" + after,
                "--rate=2000",
                "--confirm=orders");

        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(System.nanoTime() - started).isGreaterThan((400 - arrived.size()) * 500_000L - 50_000_000L);
        arrived.addAll(Stage.ids(stage.take(400 - arrived.size())));
        assertThat(arrived).isEqualTo(ids);
    }

    @Test
    void killed_it_has_moved_nothing_and_done_again_it_publishes_all_in_order() throws Exception {
        List<String> ids = EventsRepublishIT.published(stage, 200, n -> "OrderPlaced");
        String position = cli.run("offsets", "export").out();
        try (ChildProcess killed =
                cli.start("events", "republish", "--aggregate=Order/order-1", "--rate=100", "--confirm=orders")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 10);
            killed.kill();
        }

        Cli.Result again =
                cli.run("events", "republish", "--aggregate=Order/order-1", "--rate=2000", "--confirm=orders");

        assertThat(again.code()).as(again.err()).isZero();
        int before = Math.toIntExact(stage.channel.messageCount(Stage.QUEUE)) - 200;
        assertThat(before).isBetween(1, 199);
        assertThat(Stage.ids(stage.take(before))).isEqualTo(ids.subList(0, before));
        assertThat(Stage.ids(stage.take(200))).isEqualTo(ids);
        assertThat(cli.run("offsets", "export").out()).isEqualTo(position);
    }

    @Test
    void on_a_terminal_it_asks_and_takes_no_other_answer_than_the_name() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script (util-linux) gives the terminal");
        String id = EventsRepublishIT.published(stage, 1, n -> "OrderPlaced").get(0);

        try (ChildProcess no = cli.startAtTerminal("yes", Map.of(), "events", "republish", id)) {
            assertThat(no.awaitExit(Stage.PATIENCE)).as(no.output()).isEqualTo(2);
            assertThat(no.output())
                    .contains(
                            "1 event will be published again, at most 500 a second. To do it, type the relay's name (orders):",
                            "nothing was changed");
        }
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        try (ChildProcess yes = cli.startAtTerminal("orders", Map.of(), "events", "republish", id)) {
            assertThat(yes.awaitExit(Stage.PATIENCE)).as(yes.output()).isZero();
            assertThat(yes.output()).contains("1 of 1 confirmed.");
        }
        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        try (ChildProcess mute = cli.startAtTerminal("orders", Map.of(), "events", "republish", id, "--no-input")) {
            assertThat(mute.awaitExit(Stage.PATIENCE)).as(mute.output()).isEqualTo(2);
            assertThat(mute.output()).contains("--confirm=orders").doesNotContain("type the relay's name");
        }
    }
}
