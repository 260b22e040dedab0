package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeOrderIT {
    private static final String SHIPMENT = "{\"carrier\":\"顺丰\",\"tracking\":\"SF-1\"}";
    private static final String CANCELLATION = "{\"reason\":\"changed my mind\"}";

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

    @Test
    void an_order_is_placed_paid_and_shipped_with_one_event_and_one_version_for_each() {
        String id = place();
        Answer paid = app.api().post("/v1/orders/" + id + "/payment", "");
        Answer shipped = app.api().post("/v1/orders/" + id + "/shipment", SHIPMENT);

        assertThat(paid.status()).as(paid.text()).isEqualTo(200);
        assertThat(paid.text())
                .isEqualTo("{\"id\":\"" + id
                        + "\",\"status\":\"PAID\",\"version\":2,\"currency\":\"CNY\",\"totalMinor\":25600}");
        assertThat(paid.header("ETag")).isEqualTo("\"2\"");
        assertThat(shipped.json().get("status").stringValue()).isEqualTo("SHIPPED");
        assertThat(events(id)).containsExactly("OrderPlaced 1 1 null", "OrderPaid 2 2 null", "OrderShipped 3 3 \"顺丰\"");
        assertThat(app.database()
                        .root()
                        .queryForObject(
                                "SELECT payload FROM outbox WHERE aggregateid = ? AND type = 'OrderShipped'",
                                String.class,
                                id))
                .contains("\"customer\":\"王小明\"", "\"lineTotalMinor\":25600}]")
                .endsWith(",\"carrier\":\"顺丰\",\"tracking\":\"SF-1\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "PLACED, payment, 200",
        "PLACED, shipment, 409",
        "PLACED, cancellation, 200",
        "PAID, payment, 409",
        "PAID, shipment, 200",
        "PAID, cancellation, 200",
        "SHIPPED, payment, 409",
        "SHIPPED, shipment, 409",
        "SHIPPED, cancellation, 409",
        "CANCELLED, payment, 409",
        "CANCELLED, shipment, 409",
        "CANCELLED, cancellation, 409"
    })
    void the_state_decides_what_is_allowed_and_what_is_not_leaves_no_trace(
            OrderStatus status, String command, int answer) {
        String id = place();
        app.database().root().update("UPDATE orders SET status = ? WHERE id = UUID_TO_BIN(?)", status.name(), id);
        Rows before = app.database().rows();

        Answer actual = app.api().post("/v1/orders/" + id + "/" + command, body(command));

        assertThat(actual.status()).as(actual.text()).isEqualTo(answer);
        assertThat(app.database().rows().events()).isEqualTo(before.events() + (answer == 200 ? 1 : 0));
    }

    @ParameterizedTest
    @CsvSource({"shipment, carrier", "shipment, tracking", "cancellation, reason"})
    void no_text_of_a_command_breaks_a_line(String command, String field) {
        String id = place();
        String body = ("shipment".equals(command) ? SHIPMENT : CANCELLATION)
                .replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"a\\\\r\\\\nBcc: x\"");

        Answer refused = app.api().post("/v1/orders/" + id + "/" + command, body);

        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().at("/errors/0/pointer").stringValue()).isEqualTo("#/" + field);
        assertThat(refused.json().get("errors")).hasSize(1);
        assertThat(events(id)).hasSize(1);
    }

    @Test
    void nothing_is_read_back() {
        String path = "/v1/orders/" + place();
        assertThat(app.api().get(path).status()).isEqualTo(404);
        assertThat(app.api().get(path + "/payment").status()).isEqualTo(405);
    }

    @Test
    void a_change_whose_event_cannot_be_written_leaves_order_and_key_as_they_were() {
        String id = place();
        String path = "/v1/orders/" + id + "/payment";
        app.database().refuseEvents(1644);
        try {
            assertThat(app.api().post(path, "", "Idempotency-Key", id).status()).isEqualTo(500);
        } finally {
            app.database().takeEvents();
        }
        assertThat(app.database()
                        .root()
                        .queryForMap(
                                "SELECT status, version, (SELECT COUNT(*) FROM idempotency_keys WHERE idempotency_key = ?) AS ks"
                                        + " FROM orders WHERE id = UUID_TO_BIN(?)",
                                id,
                                id))
                .isEqualTo(Map.of("status", "PLACED", "version", 1L, "ks", 0L));

        Answer paid = app.api().post(path, "", "Idempotency-Key", id);
        assertThat(paid.status()).isEqualTo(200);
        assertThat(paid.header("Idempotent-Replayed")).isEmpty();
        assertThat(events(id)).containsExactly("OrderPlaced 1 1 null", "OrderPaid 2 2 null");
    }

    @Test
    void a_cancellation_tells_its_reason() {
        String id = place();
        assertThat(app.api()
                        .post("/v1/orders/" + id + "/cancellation", CANCELLATION)
                        .status())
                .isEqualTo(200);

        assertThat(app.database()
                        .root()
                        .queryForObject(
                                "SELECT payload FROM outbox WHERE aggregateid = ? AND type = 'OrderCancelled'",
                                String.class,
                                id))
                .endsWith(",\"reason\":\"changed my mind\"}");
    }

    @Test
    void nobody_pays_ships_or_cancels_the_order_of_another_or_learns_that_it_is_there() {
        String id = place();
        Api bob = app.api().withToken(TestTokens.BOB);

        for (String command : List.of("payment", "shipment", "cancellation")) {
            Answer others = bob.post("/v1/orders/" + id + "/" + command, body(command));
            Answer unknown = bob.post("/v1/orders/" + UUID.randomUUID() + "/" + command, body(command));
            assertThat(others.status()).isEqualTo(404);
            assertThat(others.json().get("detail")).isEqualTo(unknown.json().get("detail"));
        }
        assertThat(events(id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "nothing", "00000000-0000-0000-0000-00000000000g", "%00", "..%2f"})
    void what_cannot_be_an_id_is_an_unknown_order_or_a_bad_request(String id) {
        assertThat(app.api().post("/v1/orders/" + id + "/payment", "").status()).isIn(400, 404);
    }

    @Test
    void if_match_lets_only_the_version_pass_that_the_caller_has_seen() {
        String id = place();
        String path = "/v1/orders/" + id + "/payment";

        assertThat(app.api().post(path, "", "If-Match", "\"2\"").status()).isEqualTo(412);
        assertThat(app.api().post(path, "", "If-Match", "W/\"1\"").status()).isEqualTo(412);
        assertThat(app.api().post(path, "", "If-Match", "1").status()).isEqualTo(400);
        assertThat(events(id)).hasSize(1);
        assertThat(app.api().post(path, "", "If-Match", "\"7\", \"1\"").status())
                .isEqualTo(200);
    }

    @Test
    void of_many_payments_at_once_one_is_carried_out() {
        String id = place();

        List<Integer> answers = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() ->
                        app.api().post("/v1/orders/" + id + "/payment", "").status()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).containsOnlyOnce(200).isSubsetOf(200, 409);
        assertThat(events(id)).containsExactly("OrderPlaced 1 1 null", "OrderPaid 2 2 null");
    }

    @Test
    void a_payment_takes_no_body_an_empty_object_and_nothing_else() {
        assertThat(app.api().post("/v1/orders/" + place() + "/payment", "{}").status())
                .isEqualTo(200);
        assertThat(app.api()
                        .post("/v1/orders/" + place() + "/payment", "{\"amount\":1}")
                        .status())
                .isEqualTo(400);
        assertThat(app.api().post("/v1/orders/" + place() + "/shipment", "").status())
                .isEqualTo(400);
        assertThat(app.api()
                        .post("/v1/orders/" + place() + "/shipment", "{}")
                        .json()
                        .get("errors")
                        .size())
                .isEqualTo(2);
    }

    private static String body(String command) {
        return switch (command) {
            case "payment" -> "";
            case "shipment" -> SHIPMENT;
            default -> CANCELLATION;
        };
    }

    private static String place() {
        return app.api()
                .post("/v1/orders", Bodies.placeOrder())
                .json()
                .get("id")
                .stringValue();
    }

    /** Type, version of the row, version and carrier in the payload. */
    private static List<String> events(String id) {
        return app.database()
                .root()
                .queryForList(
                        "SELECT CONCAT_WS(' ', type, aggregate_version, payload->'$.version',"
                                + " COALESCE(payload->'$.carrier', 'null')) FROM outbox WHERE aggregateid = ?"
                                + " ORDER BY aggregate_version",
                        String.class,
                        id);
    }
}
