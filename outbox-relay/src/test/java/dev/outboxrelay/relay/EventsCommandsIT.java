package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.local.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code events show|tail|republish}: what they print, and what becomes of the events. */
class EventsCommandsIT {

    private static final String ARCHIVE =
            "-XX:SharedArchiveFile=" + RelayProcess.JAR.resolveSibling("outbox-relay.jsa");

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    @TempDir
    Path directory;

    private Stage stage;
    private Cli cli;

    @BeforeEach
    void set() {
        stage = stages.stage();
        cli = new Cli(stage, directory);
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
        try (ChildProcess tail = start("events", "tail")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> tail.output().contains("COMMITTED"));
            String id = stage.insert("order-1", 1);
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> tail.output().contains(id));
            interrupt(tail);
            assertThat(tail.awaitExit(Stage.PATIENCE)).isEqualTo(130);
            assertThat(tail.output()).doesNotContain("\tat ");
            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        }
    }

    @Test
    void what_is_published_again_is_what_was_listed_in_order_and_marked() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= 6; n++) {
            ids.add(stage.insert("order-" + n % 2, n, n % 2 == 0 ? "OrderPaid" : "OrderPlaced", "{\"n\":" + n + "}"));
        }
        List<GetResponse> originals = stage.take(6);
        awaitStored(6);

        Cli.Result dry = cli.run("events", "republish", "--aggregate=Order/order-1", "--dry-run");
        assertThat(dry.code()).isZero();
        assertThat(dry.out())
                .containsPattern("(?m)^EVENT +WRITTEN +AGGREGATE +TYPE$")
                .containsPattern("(?m)^" + ids.get(0) + " +\\S+Z +Order order-1 +OrderPlaced$")
                .containsPattern("(?m)^Order +OrderPlaced +3$");
        assertThat(dry.err()).contains("3 events would be published again. Nothing was published.");
        assertThat(cli.run("events", "republish", "--aggregate=Order/order-1")).satisfies(asked -> {
            assertThat(asked.code()).isEqualTo(2);
            assertThat(asked.err()).contains("3 events will be published again", "--confirm=orders");
        });
        assertThat(cli.run("events", "republish", "--aggregate=Order/order-1", "--confirm=orders"))
                .satisfies(done -> {
                    assertThat(done.code()).isZero();
                    assertThat(done.out()).containsPattern("(?m)^confirmed +3 events$");
                    assertThat(done.err()).contains("3 of 3 confirmed.");
                });
        List<GetResponse> again = stage.take(3);
        assertThat(Stage.ids(again)).containsExactly(ids.get(0), ids.get(2), ids.get(4));
        assertThat(again.get(0).getBody()).isEqualTo(originals.get(0).getBody());
        assertThat(again.get(0).getProps().getHeaders())
                .containsEntry("replayed", true)
                .containsEntry("aggregate-version", 1L);
        assertThat(originals.get(0).getProps().getHeaders()).doesNotContainKey("replayed");

        Cli.Result named = cli.run("events", "republish", ids.get(4), ids.get(0), "--confirm=orders", "-o", "json");
        assertThat(named.json().path("confirmed").asInt()).isEqualTo(2);
        assertThat(Stage.ids(stage.take(2))).containsExactly(ids.get(0), ids.get(4));
        assertThat(cli.run("events", "republish", "--since=15m", "--after=" + ids.get(1), "--confirm=orders")
                        .code())
                .isZero();
        assertThat(Stage.ids(stage.take(5)))
                .as("by aggregate: order-0 from behind its first one, then order-1")
                .containsExactly(ids.get(3), ids.get(5), ids.get(0), ids.get(2), ids.get(4));
        assertThat(cli.run("events", "republish", "--since=0s", "--confirm=orders")
                        .err())
                .contains("0 events would be published again");
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        assertThat(relay.count("outbox.relay.events.published")).isEqualTo(6);
    }

    @Test
    void what_was_never_published_is_left_to_the_relay_and_to_the_quarantine() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String published = stage.insert("sick", 1);
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 3);
        assertThat(Stage.ids(stage.take(1))).containsExactly(published);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 2);
        stage.stopRelays();
        String behind = stage.insert("healthy", 1);

        Cli.Result result = cli.run("events", "republish", "--since=15m", "--confirm=orders", "-o", "json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.json().path("confirmed").asInt()).isEqualTo(1);
        assertThat(result.json().path("leftOut").valueStream())
                .map(event -> event.path("event").asString() + " "
                        + event.path("reason").asString())
                .containsExactlyInAnyOrder(
                        poison + " QUARANTINED", follower + " QUARANTINED", behind + " NOT_YET_PUBLISHED");
        assertThat(Stage.ids(stage.take(1))).containsExactly(published);
        assertThat(cli.run("events", "republish", behind, "--confirm=orders").code())
                .isEqualTo(1);
        assertThat(cli.run("events", "republish", "--aggregate=Order/healthy", "--confirm=orders")
                        .code())
                .as("nothing is missing: the relay publishes it")
                .isZero();
        assertThat(cli.run("quarantine", "drop", poison, "--confirm=orders").code())
                .isZero();
        assertThat(cli.run("events", "republish", poison, "--confirm=orders").err())
                .contains(poison + " is left out: column headers is not a JSON object");
        assertThat(cli.run("events", "republish", "4711", published, "--confirm=orders"))
                .satisfies(unknown -> {
                    assertThat(unknown.code()).isEqualTo(1);
                    assertThat(unknown.err()).contains("nothing was published: the outbox has no event 4711");
                });
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        stage.purgeBinlogs();
        assertThat(cli.run("events", "republish", published, "--confirm=orders").code())
                .as("it can't be known what has been published")
                .isEqualTo(4);
    }

    @Test
    void an_unroutable_event_ends_it_with_an_account_and_it_goes_on_from_there() throws Exception {
        List<String> ids = published(6, n -> n == 4 ? "OrderPaid" : "OrderPlaced");
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");

        Cli.Result refused = cli.run("events", "republish", "--aggregate=Order/order-1", "--confirm=orders");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out())
                .containsPattern("(?m)^confirmed +3 events$")
                .containsPattern("(?m)^unconfirmed +" + ids.get(3) + "$")
                .containsPattern("(?m)^not sent +2 events$");
        assertThat(refused.err())
                .contains(
                        "3 of 6 confirmed, then: " + ids.get(3)
                                + ": no queue is bound to exchange 'outbox.events' for routing key 'Order.OrderPaid' (312 NO_ROUTE). 1 sent and not confirmed",
                        "2 not sent.",
                        "To go on: events republish --aggregate='Order/order-1' --after=" + ids.get(2));
        assertThat(Stage.ids(stage.take(3))).isEqualTo(ids.subList(0, 3));
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPaid");
        assertThat(cli.run(
                                "events",
                                "republish",
                                "--aggregate=Order/order-1",
                                "--after=" + ids.get(2),
                                "--confirm=orders")
                        .code())
                .isZero();
        assertThat(Stage.ids(stage.take(3))).isEqualTo(ids.subList(3, 6));
        stage.brokerAt(dev.outboxrelay.local.Ports.free());
        assertThat(cli.run("events", "republish", ids.get(0), "--confirm=orders"))
                .satisfies(down -> {
                    assertThat(down.code()).isEqualTo(1);
                    assertThat(down.err()).contains("RabbitMQ at 127.0.0.1").doesNotContain("\tat ");
                });
    }

    @Test
    void a_queue_that_is_full_ends_it_and_each_event_is_accounted_for() throws Exception {
        List<String> ids = published(60, n -> "OrderPlaced");
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueDeclare(
                "small", true, false, false, Map.of("x-max-length", 10, "x-overflow", "reject-publish"));
        stage.channel.queueBind("small", "outbox.events", "#");

        Cli.Result full = cli.run(
                "events", "republish", "--aggregate=Order/order-1", "--rate=100000", "--confirm=orders", "-o", "json");

        assertThat(full.code()).isEqualTo(1);
        assertThat(full.json().path("failure").asString()).contains("could not take it (basic.nack)");
        int confirmed = full.json().path("confirmed").asInt();
        assertThat(Stage.ids(stage.take("small", confirmed))).isEqualTo(ids.subList(0, confirmed));
        assertThat(stage.channel.messageCount("small")).isZero();
        assertThat(Stream.concat(
                                full.json().path("unconfirmed").valueStream(),
                                full.json().path("unsent").valueStream())
                        .map(JsonNode::asString))
                .containsExactlyElementsOf(ids.subList(confirmed, 60));
        assertThat(full.json().path("last").asString()).isEqualTo(ids.get(confirmed - 1));
    }

    @Test
    void a_database_that_goes_away_ends_it_with_the_account() throws Exception {
        List<String> ids = published(250, n -> "OrderPlaced");
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
        List<String> ids = published(400, n -> "OrderPlaced");
        List<String> arrived = new ArrayList<>();
        String after;
        try (ChildProcess replay =
                start("events", "republish", "--aggregate=Order/order-1", "--rate=50", "--confirm=orders")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> replay.output()
                    .contains(" of 400 confirmed; "));
            interrupt(replay);
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
    void on_a_terminal_it_asks_and_takes_no_other_answer_than_the_name() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script (util-linux) gives the terminal");
        String id = published(1, n -> "OrderPlaced").get(0);

        try (ChildProcess no = answered("yes", "events", "republish", id)) {
            assertThat(no.awaitExit(Stage.PATIENCE)).as(no.output()).isEqualTo(2);
            assertThat(no.output())
                    .contains(
                            "1 event will be published again, at most 500 a second. To do it, type the relay's name (orders):",
                            "nothing was changed");
        }
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
        try (ChildProcess yes = answered("orders", "events", "republish", id)) {
            assertThat(yes.awaitExit(Stage.PATIENCE)).as(yes.output()).isZero();
            assertThat(yes.output()).contains("1 of 1 confirmed.");
        }
        assertThat(Stage.ids(stage.take(1))).containsExactly(id);
        try (ChildProcess mute = answered("orders", "events", "republish", id, "--no-input")) {
            assertThat(mute.awaitExit(Stage.PATIENCE)).as(mute.output()).isEqualTo(2);
            assertThat(mute.output()).contains("--confirm=orders").doesNotContain("type the relay's name");
        }
    }

    /** With a terminal, at which somebody types that. */
    private ChildProcess answered(String answer, String... command) {
        cli.run("lag"); // writes the configuration
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String line =
                "%s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %s -jar %s %s --spring.config.additional-location=file:%s/"
                        .formatted(java, ARCHIVE, RelayProcess.JAR, String.join(" ", command), directory);
        return ChildProcess.command(
                        "prompt", "sh", "-c", "echo %s | script -qec '%s' /dev/null".formatted(answer, line))
                .start();
    }

    /** Events of one aggregate that the relay has published and the queue has no more; the relay is stopped. */
    private List<String> published(int count, IntFunction<String> type) throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            ids.add(stage.insert("order-1", n, type.apply(n), "{}"));
        }
        assertThat(Stage.ids(stage.take(count))).isEqualTo(ids);
        stage.stopRelays();
        return ids;
    }

    private ChildProcess start(String... command) {
        cli.run("lag"); // writes the configuration
        // A shell that put the tests into the background may have had SIGINT ignored, and that is inherited.
        return ChildProcess.command(
                        "events",
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", ARCHIVE, "-jar", RelayProcess.JAR.toString())
                .args(command)
                .args("--spring.config.additional-location=file:" + directory + "/")
                .start();
    }

    /** Ctrl-C. */
    private static void interrupt(ChildProcess process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
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

    private void awaitStored(int events) {
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> stage.sql("SELECT events FROM `%s`.relay_offset".formatted(stage.names.relay()))
                                .query(Integer.class)
                                .single()
                        >= events);
    }
}
