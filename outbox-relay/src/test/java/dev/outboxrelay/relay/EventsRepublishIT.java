package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.local.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code events republish}: what comes again is what was named, in its order, and accounted for. */
@ExtendWith(CommandExtension.class)
class EventsRepublishIT {

    private final Stage stage;
    private final Cli cli;

    EventsRepublishIT(Stage stage, Cli cli) {
        this.stage = stage;
        this.cli = cli;
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

        assertThat(result.code()).as("gaps").isEqualTo(5);
        assertThat(result.json().path("confirmed").asInt()).isEqualTo(1);
        assertThat(result.json().path("leftOut").valueStream())
                .map(event -> event.path("event").asString() + " "
                        + event.path("reason").asString())
                .containsExactlyInAnyOrder(
                        poison + " QUARANTINED", follower + " QUARANTINED", behind + " NOT_YET_PUBLISHED");
        assertThat(Stage.ids(stage.take(1))).containsExactly(published);
        assertThat(cli.run("events", "republish", behind, "--confirm=orders").code())
                .isEqualTo(5);
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
        List<String> ids = published(stage, 6, n -> n == 4 ? "OrderPaid" : "OrderPlaced");
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
        stage.brokerAt(Ports.free());
        assertThat(cli.run("events", "republish", ids.get(0), "--confirm=orders"))
                .satisfies(down -> {
                    assertThat(down.code()).isEqualTo(1);
                    assertThat(down.err()).contains("RabbitMQ at 127.0.0.1").doesNotContain("\tat ");
                });
    }

    @Test
    void a_queue_that_is_full_ends_it_and_each_event_is_accounted_for() throws Exception {
        List<String> ids = published(stage, 60, n -> "OrderPlaced");
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

    /** Events of one aggregate that the relay has published and the queue has no more; the relay is stopped. */
    static List<String> published(Stage stage, int count, IntFunction<String> type) throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            ids.add(stage.insert("order-1", n, type.apply(n), "{}"));
        }
        assertThat(Stage.ids(stage.take(count))).isEqualTo(ids);
        stage.stopRelays();
        return ids;
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
