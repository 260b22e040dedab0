package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.local.ChildProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code quarantine list|show|retry|drop}: what they print, and what becomes of the events. */
@ExtendWith(CommandExtension.class)
class QuarantineCommandsIT {

    private final Stage stage;
    private final Cli cli;

    QuarantineCommandsIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
    }

    @Test
    void what_is_in_quarantine_is_listed_shown_and_published_in_order_once_its_row_has_been_put_right()
            throws Exception {
        assertThat(cli.run("quarantine", "list").err()).contains("Nothing is in quarantine.");
        stage.startRelay().awaitState(RelayState.STREAMING);
        String poison = stage.insertPoison("sick");
        List<String> followers = new ArrayList<>();
        for (int n = 2; n <= 4; n++) {
            followers.add(stage.insert("sick", n));
        }
        String other = stage.insert("healthy", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(other);

        Cli.Result list = cli.run("quarantine", "list");
        assertThat(list.code()).isZero();
        assertThat(list.out())
                .containsPattern("(?m)^EVENT +AGGREGATE +TYPE +SINCE +REASON +DETAIL$")
                .containsPattern("(?m)^" + poison
                        + " +Order/sick +OrderPlaced +\\S+Z +UNMAPPABLE +column headers is not a JSON object$")
                .containsPattern(
                        "(?m)^" + followers.get(0) + " +Order/sick +OrderPlaced +\\S+Z +FOLLOWS +comes behind");
        assertThat(cli.run("quarantine", "list", "--aggregate=Order/healthy", "-o", "json")
                        .json())
                .isEmpty();
        JsonNode shown =
                cli.run("quarantine", "show", followers.get(1), "-o", "json").json();
        assertThat(shown.path("reason").asString()).isEqualTo("FOLLOWS");
        assertThat(shown.path("heldBefore").asInt()).isEqualTo(2);
        assertThat(shown.path("heldInAggregate").asInt()).isEqualTo(4);
        assertThat(shown.has("payload")).isFalse();
        assertThat(cli.run("quarantine", "show", followers.get(1), "--payload").out())
                .containsPattern("(?m)^place +3 of 4 of its aggregate, behind " + followers.get(0) + "$")
                .containsPattern("(?m)^routing key +Order.OrderPlaced$")
                .containsPattern("(?m)^payload +\\{\"n\":3}$");

        assertThat(cli.run("quarantine", "retry", followers.get(0))).satisfies(outOfOrder -> {
            assertThat(outOfOrder.code()).isEqualTo(1);
            assertThat(outOfOrder.out()).contains("STUCK: " + poison + " comes before it");
        });
        assertThat(cli.run("quarantine", "retry", "--all")).satisfies(stillSick -> {
            assertThat(stillSick.code()).isEqualTo(1);
            assertThat(stillSick.out()).contains("STUCK: " + poison + ": column headers is not a JSON object");
        });
        assertThat(stage.quarantine()).hasSize(4);

        stage.sql("UPDATE `%s`.outbox SET headers = NULL WHERE aggregateid = 'sick'".formatted(stage.names.orders()))
                .update();
        Cli.Result retried = cli.run("quarantine", "retry", "--aggregate=Order/sick");
        assertThat(retried.code()).isZero();
        assertThat(retried.out())
                .containsPattern("(?m)^AGGREGATE +PUBLISHED +RESULT$")
                .containsPattern("(?m)^Order/sick +4 +done$");
        String released = stage.insert("sick", 5);

        List<GetResponse> published = stage.take(5);
        assertThat(Stage.ids(published))
                .containsExactly(poison, followers.get(0), followers.get(1), followers.get(2), released);
        assertThat(published.get(1).getProps().getHeaders())
                .containsEntry("aggregate-version", 2L)
                .doesNotContainKey("replayed");
        assertThat(stage.quarantine()).isEmpty();
    }

    @Test
    void an_event_whose_id_or_table_differs_in_case_only_is_another_one() {
        for (String event : List.of("o poison", "o POISON", "O poison")) {
            stage.sql("""
                            INSERT INTO `%s`.relay_quarantine (name, source_table, event_id, aggregate_type, aggregate_id, reason, detail)
                            VALUES ('orders', ?, ?, 'Order', '1', 'UNMAPPABLE', '')""".formatted(stage.names.relay()))
                    .params((Object[]) event.split(" "))
                    .update();
        }
        assertThat(cli.run("quarantine", "drop", "POISON", "--confirm=orders").code())
                .isZero();
        assertThat(stage.quarantine()).containsExactly("poison UNMAPPABLE", "poison UNMAPPABLE");
    }

    @Test
    void a_retry_while_a_relay_runs_keeps_the_order_of_the_aggregate() throws Exception {
        Stage.Running relay = stage.startRelay();
        relay.awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        expected.add(stage.insertPoison("sick"));
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<List<String>> load = CompletableFuture.supplyAsync(() -> {
            List<String> ids = new ArrayList<>();
            for (int n = 2; ids.size() < 100 || !enough.get(); n++) {
                ids.add(stage.insert("sick", n));
            }
            return ids;
        });
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() > 30);
        stage.sql("UPDATE `%s`.outbox SET headers = NULL WHERE aggregateid = 'sick'".formatted(stage.names.orders()))
                .update();
        CompletableFuture<Cli.Result> retry =
                CompletableFuture.supplyAsync(() -> cli.run("quarantine", "retry", "--aggregate=Order/sick"));
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 30);
        enough.set(true);
        expected.addAll(load.join());

        assertThat(retry.join().code()).isZero();
        assertThat(Stage.ids(stage.take(expected.size()))).isEqualTo(expected);
        assertThat(stage.quarantine()).isEmpty();
        assertThat(relay.count("outbox.relay.events.confirmed"))
                .as("published by the relay itself, after the release")
                .isLessThan(expected.size());
        assertThat(relay.meters().get("outbox.relay.runs").counter().count()).isEqualTo(1);
    }

    @Test
    void a_retry_that_is_killed_repeats_one_event_at_most_and_loses_none() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> expected = new ArrayList<>();
        expected.add(stage.insertPoison("sick"));
        for (int n = 2; n <= 400; n++) {
            expected.add(stage.insert("sick", n));
        }
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 400);
        stage.stopRelays();
        stage.sql("UPDATE `%s`.outbox SET headers = NULL WHERE aggregateid = 'sick'".formatted(stage.names.orders()))
                .update();
        try (ChildProcess killed = cli.start("quarantine", "retry", "--all")) {
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> killed.output()
                    .contains("Order/sick: 100 published, 300 left"));
            killed.kill();
        }
        assertThat(stage.quarantine()).isNotEmpty();
        Awaitility.await()
                .atMost(Stage.PATIENCE)
                .until(() -> cli.run("quarantine", "retry", "--all").code() == 0);

        int arrived = Math.toIntExact(stage.channel.messageCount(Stage.QUEUE));
        assertThat(arrived).isBetween(400, 401);
        assertThat(Stage.ids(stage.take(arrived)).stream().distinct()).containsExactlyElementsOf(expected);
        assertThat(stage.quarantine()).isEmpty();
    }

    @Test
    void what_no_queue_is_bound_for_stays_until_one_is() throws Exception {
        stage.channel.queueUnbind(Stage.QUEUE, "outbox.events", "#");
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPlaced");
        stage.properties.put("relay.unroutable", "park");
        stage.startRelay().awaitState(RelayState.STREAMING);
        String homeless = stage.insert("lost", 1, "OrderPaid", "{\"ä\":1}");
        String follower = stage.insert("lost", 2);
        String second = stage.insert("other", 1, "OrderPaid", "{}");
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 3);
        stage.sql("DELETE FROM `%s`.outbox".formatted(stage.names.orders())).update();

        assertThat(cli.run("quarantine", "retry", "--all", "-o", "json")).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.json().get(0).path("stuck").asString())
                    .isEqualTo(
                            homeless
                                    + ": no queue is bound to exchange 'outbox.events' for routing key 'Order.OrderPaid' (312 NO_ROUTE)");
            assertThat(refused.json().get(1).path("stuck").asString()).startsWith(second);
        });
        assertThat(stage.quarantine()).hasSize(3);
        stage.channel.queueBind(Stage.QUEUE, "outbox.events", "Order.OrderPaid");
        assertThat(cli.run("quarantine", "retry", homeless, second).out())
                .containsPattern("(?m)^Order/lost +1 +done$")
                .containsPattern("(?m)^Order/other +1 +done$");

        List<GetResponse> published = stage.take(2);
        assertThat(Stage.ids(published)).containsExactly(homeless, second);
        assertThat(published.get(0).getBody())
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("{\"ä\":1}");
        assertThat(stage.quarantine()).containsExactly(follower + " FOLLOWS");
    }

    @Test
    void drop_names_what_it_drops_and_does_it_only_when_it_is_meant() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        String poison = stage.insertPoison("sick");
        String follower = stage.insert("sick", 2);
        String other = stage.insert("healthy", 1);
        assertThat(Stage.ids(stage.take(1))).containsExactly(other);

        assertThat(cli.run("quarantine", "drop", poison)).satisfies(asked -> {
            assertThat(asked.code()).isEqualTo(2);
            assertThat(asked.out()).contains(poison).doesNotContain(follower);
            assertThat(asked.err()).contains("this event would never be published", "--confirm=orders");
        });
        assertThat(cli.run("quarantine", "drop", "--all", "--dry-run").out()).contains(poison, follower);
        assertThat(cli.run("quarantine", "drop", "--all", "--confirm=other").code())
                .isEqualTo(2);
        assertThat(cli.run("quarantine", "drop", "4711", "--confirm=orders").err())
                .contains("no event 4711 is in quarantine");
        assertThat(cli.run("quarantine", "drop").code()).isEqualTo(2);
        assertThat(stage.quarantine()).hasSize(2);

        assertThat(cli.run("quarantine", "drop", poison, "--confirm=orders")).satisfies(dropped -> {
            assertThat(dropped.code()).isZero();
            assertThat(dropped.err()).contains("1 dropped, 1 left in quarantine.");
        });
        String last = stage.insert("sick", 3);
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 2);
        assertThat(cli.run("quarantine", "retry", "--all").code()).isZero();

        assertThat(Stage.ids(stage.take(2))).containsExactly(follower, last);
    }

    @Test
    void of_two_who_take_events_out_at_once_one_is_refused() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.insertPoison("sick");
        Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.quarantine().size() == 1);
        try (var other = java.sql.DriverManager.getConnection(
                        stage.mysql.jdbcUrl(""), "root", stage.mysql.rootPassword());
                var lock = other.prepareStatement("SELECT GET_LOCK(LEFT(CONCAT('quarantine ', SHA1(?)), 64), 0)")) {
            lock.setString(1, "`%s`.relay_quarantine orders".formatted(stage.names.relay()));
            lock.execute();

            assertThat(cli.run("quarantine", "drop", "--all", "--confirm=orders"))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(1);
                        assertThat(refused.err()).contains("somebody else is taking events out of this quarantine");
                    });
        }
        assertThat(stage.quarantine()).hasSize(1);
    }
}
