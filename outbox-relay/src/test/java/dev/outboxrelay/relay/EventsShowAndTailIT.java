package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.ChildProcess;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code events show|tail}: what they print, and that they change nothing. */
@ExtendWith(CommandExtension.class)
class EventsShowAndTailIT {

    private final Stage stage;
    private final Cli cli;

    EventsShowAndTailIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void show_says_what_an_event_is_published_as_and_whether_it_has_been() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        String published = stage.insert("order-1", 7, "OrderPlaced", "{\"name\":\"王小明\"}");
        assertThat(Stage.ids(stage.take(1))).containsExactly(published);
        relay.close();
        String behind = stage.insert("order-1", 8);

        assertThat(cli.run("events", "show", published)).satisfies(shown -> {
            assertThat(shown.code()).isZero();
            assertThat(shown.out())
                    .containsPattern("(?m)^event +" + published + "$")
                    .containsPattern("(?m)^aggregate +Order/order-1$")
                    .containsPattern("(?m)^version +7$")
                    .containsPattern("(?m)^routing key +Order.OrderPlaced$")
                    .containsPattern("(?m)^published +yes: ")
                    .containsPattern("(?m)^payload +20 bytes \\(--payload shows them\\)$")
                    .doesNotContain("王小明");
        });
        assertThat(cli.run("events", "show", published, "--payload").out())
                .containsPattern("(?m)^payload +\\{\"name\":\"王小明\"}$");
        JsonNode json = cli.run("events", "show", behind, "-o", "json").json();
        assertThat(json.path("published").asBoolean(true)).isFalse();
        assertThat(json.path("publication").asString()).contains("behind the stored position");
        assertThat(json.path("exchange").asString()).isEqualTo("outbox.events");
        assertThat(json.path("aggregateVersion").asInt()).isEqualTo(8);
        assertThat(json.has("payload")).isFalse();
        assertThat(cli.run("events", "show", "00000000-0000-4000-8000-000000000000"))
                .satisfies(unknown -> {
                    assertThat(unknown.code()).isEqualTo(1);
                    assertThat(unknown.out()).isEmpty();
                    assertThat(unknown.err()).contains("stands in none of the tables", "deletes what it has published");
                });
        stage.purgeBinlogs();
        assertThat(cli.run("events", "show", published).out()).contains("can't be known: the stored position is lost");
    }

    @Test
    void tail_follows_the_outbox_from_any_place_and_moves_no_offset() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        String first = stage.insert("order-1", 1, "OrderPlaced", "{\"secret\":1}");
        String poison = stage.insertPoison("order-2");
        String third = stage.insert("order-1", 2, "OrderPaid", "{\"secret\":\n2}");
        String position = stored();

        assertThat(cli.run("events", "tail", "--from=stored", "--no-follow")).satisfies(tail -> {
            assertThat(tail.code()).isZero();
            assertThat(tail.out().lines()).first().asString().matches("COMMITTED +EVENT +AGGREGATE +TYPE +PAYLOAD");
            assertThat(tail.out())
                    .containsPattern("(?m)^\\S+Z +" + first + "  Order/order-1 +OrderPlaced +12 bytes$")
                    .containsPattern("(?m)^\\S+Z +" + poison
                            + "  Order/order-2 +OrderPlaced +UNMAPPABLE: column headers is not a JSON object; 2 bytes$")
                    .doesNotContain("secret");
        });
        JsonNode oldest = json(cli.run("events", "tail", "--from=stored", "--no-follow", "-o", "json"))
                .get(0);
        assertThat(ids("--from=" + oldest.path("committedAt").asString())).containsExactly(first, poison, third);
        assertThat(ids("--from=" + poison)).containsExactly(poison, third);
        assertThat(ids("--from=stored", "--aggregate=Order/order-1")).containsExactly(first, third);
        assertThat(ids("--from=stored", "--limit=2")).containsExactly(first, poison);
        JsonNode last = json(cli.run("events", "tail", "--from=" + third, "--no-follow", "-o", "json", "--payload"))
                .get(0);
        assertThat(last.path("payload").asString()).isEqualTo("{\"secret\":\n2}");
        String gtid = last.path("gtid").asString();
        assertThat(ids("--from=" + gtid)).containsExactly(third);
        assertThat(cli.run("events", "tail", "--from=" + gtid, "--no-follow", "--payload")
                        .out())
                .contains("{\"secret\": 2}");
        assertThat(cli.run("events", "tail", "--no-follow", "-o", "json").out()).isEmpty();
        assertThat(cli.run("events", "tail", "--from=2026-13-01").code()).isEqualTo(2);
        assertThat(cli.run("events", "tail", "--from=nowhere")).satisfies(unknown -> {
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.err()).contains("event nowhere is not in the binlog");
        });
        assertThat(stored()).isEqualTo(position);
        stage.startRelay();
        assertThat(Stage.ids(stage.take(2))).containsExactly(first, third);
    }

    @Test
    void a_tail_that_is_left_open_shows_what_is_committed_beside_a_running_relay() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        try (ChildProcess tail = cli.start("events", "tail")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> tail.output().contains("COMMITTED"));
            String id = stage.insert("order-1", 1);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> tail.output().contains(id));
            Cli.interrupt(tail);
            assertThat(tail.awaitExit(Stage.PATIENCE)).isEqualTo(130);
            assertThat(tail.output()).doesNotContain("\tat ");
            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        }
    }

    private List<String> ids(String... options) {
        return json(cli.run(Stream.concat(Stream.of("events", "tail", "--no-follow", "-o", "json"), Stream.of(options))
                        .toArray(String[]::new)))
                .stream()
                .map(event -> event.path("event").asString())
                .toList();
    }

    private static List<JsonNode> json(Cli.Result lines) {
        assertThat(lines.code()).as(lines.err()).isZero();
        return lines.out().lines().map(Cli::parse).toList();
    }

    private String stored() {
        return stage.sql("SELECT `offset` FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(String.class)
                .single();
    }
}
