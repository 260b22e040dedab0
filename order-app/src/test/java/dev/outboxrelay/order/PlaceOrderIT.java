package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import dev.outboxrelay.order.outbox.Outbox;
import dev.outboxrelay.order.outbox.OutboxEvent;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class PlaceOrderIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

    @Test
    void an_order_is_answered_with_201_its_place_and_nothing_more_than_it_needs() {
        Answer answer = app.api().post("/v1/orders", Bodies.placeOrder());

        assertThat(answer.status()).isEqualTo(201);
        String id = answer.json().get("id").stringValue();
        assertThat(answer.header("Location")).isEqualTo("/v1/orders/" + id);
        assertThat(answer.text())
                .isEqualTo("{\"id\":\"" + id
                        + "\",\"status\":\"PLACED\",\"version\":1,\"currency\":\"CNY\",\"totalMinor\":25600}");
    }

    @Test
    void an_order_is_one_row_its_lines_and_one_event_with_the_bytes_of_the_contract() {
        String id = place(Bodies.placeOrder());

        assertThat(app.database().root().queryForMap("SELECT * FROM orders WHERE id = UUID_TO_BIN(?)", id))
                .containsEntry("customer", "王小明")
                .containsEntry("placed_by", "alice")
                .containsEntry("status", "PLACED")
                .containsEntry("version", 1L)
                .containsEntry("total_minor", 25600L);
        assertThat(lines(id)).singleElement().satisfies(line -> assertThat(line)
                .containsEntry("line_no", 1)
                .containsEntry("name", "龙井茶")
                .containsEntry("line_total_minor", 25600L));
        assertThat(events(id)).singleElement().satisfies(event -> {
            assertThat(event)
                    .containsEntry("aggregatetype", "Order")
                    .containsEntry("type", "OrderPlaced")
                    .containsEntry("aggregate_version", 1L);
            assertThat((String) event.get("payload"))
                    .matches("\\{\"orderId\":\"" + id + "\",\"version\":1,"
                            + "\"occurredAt\":\"[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z\","
                            + "\"customer\":\"王小明\",\"email\":\"xiaoming@example.com\",\"locale\":\"zh-CN\","
                            + "\"currency\":\"CNY\",\"totalMinor\":25600,\"lines\":\\[\\{\"sku\":\"TEA-001\","
                            + "\"name\":\"龙井茶\",\"quantity\":2,\"unitPriceMinor\":12800,\"lineTotalMinor\":25600}]}");
        });
    }

    @Test
    void the_largest_order_fits() {
        ObjectNode body = Bodies.placeOrderTree();
        ArrayNode lines = body.putArray("lines");
        IntStream.range(0, PlaceOrder.MAX_LINES).forEach(i -> lines.addObject()
                .put("sku", "S" + i)
                .put("name", "名".repeat(10))
                .put("quantity", i + 1)
                .put("unitPriceMinor", 1));

        String id = place(body.toString());

        assertThat(lines(id))
                .extracting(line -> line.get("quantity"))
                .isEqualTo(
                        IntStream.rangeClosed(1, PlaceOrder.MAX_LINES).boxed().toList());
    }

    @Test
    void the_largest_sum_fits() {
        ObjectNode body = Bodies.placeOrderTree();
        ArrayNode lines = body.putArray("lines");
        lines.addObject()
                .put("sku", "A")
                .put("name", "a")
                .put("quantity", 9007)
                .put("unitPriceMinor", 1_000_000_000_000L);
        lines.addObject().put("sku", "B").put("name", "b").put("quantity", 1).put("unitPriceMinor", 199_254_740_991L);

        Answer answer = app.api().post("/v1/orders", body.toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.json().get("totalMinor").longValue()).isEqualTo(9_007_199_254_740_991L);
    }

    @Test
    void a_rolled_back_order_leaves_no_row_and_no_event() {
        Rows before = app.database().rows();
        PlaceOrder command = new PlaceOrder("a", "a@example.com", "en", "EUR", List.of(new OrderLine("s", "n", 1, 1)));

        transaction().executeWithoutResult(status -> {
            app.bean(Orders.class).place(new Call("alice", null), command);
            status.setRollbackOnly();
        });

        assertThat(app.database().rows()).isEqualTo(before);
    }

    @Test
    void an_order_whose_event_cannot_be_written_is_not_written_either() {
        app.database()
                .root()
                .execute("CREATE TRIGGER full BEFORE INSERT ON outbox FOR EACH ROW"
                        + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the secret inner workings'");
        Rows before = app.database().rows();

        Answer answer = app.api().post("/v1/orders", Bodies.placeOrder());
        app.database().root().execute("DROP TRIGGER full");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).doesNotContain("secret").doesNotContain("Exception");
        assertThat(app.database().rows()).isEqualTo(before);
        assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status()).isEqualTo(201);
    }

    @Test
    void an_event_goes_on_in_the_trace_of_the_request_and_begins_one_where_there_is_none() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Answer traced = app.api()
                .post(
                        "/v1/orders",
                        Bodies.placeOrder(),
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01",
                        "tracestate",
                        "a=1");
        Answer untraced = app.api().post("/v1/orders", Bodies.placeOrder());

        assertThat(traceparent(traced)).matches("00-" + trace + "-(?!b7ad6b7169203331)[0-9a-f]{16}-01");
        assertThat(headers(traced).get("tracestate").stringValue()).isEqualTo("a=1");
        assertThat(traceparent(untraced)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]");
    }

    @Test
    void a_trace_that_makes_no_sense_costs_nobody_the_order_and_does_not_reach_the_event() {
        for (String nonsense :
                List.of("", "00", "00-0-0-01", "ff-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01", "\"'<")) {
            Answer answer = app.api()
                    .post(
                            "/v1/orders",
                            Bodies.placeOrder(),
                            "traceparent",
                            nonsense,
                            "tracestate",
                            "=,\"a".repeat(500));

            assertThat(answer.status()).as(nonsense).isEqualTo(201);
            assertThat(traceparent(answer)).matches("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]");
        }
    }

    private static String traceparent(Answer answer) {
        return headers(answer).get("traceparent").stringValue();
    }

    private static JsonNode headers(Answer answer) {
        String headers =
                (String) events(answer.json().get("id").stringValue()).get(0).get("headers");
        return JsonMapper.shared().readTree(headers);
    }

    @Test
    void the_outbox_refuses_to_append_outside_a_transaction() {
        Outbox outbox = app.bean(Outbox.class);
        OutboxEvent event = new OutboxEvent("Test", "1", 1, "Tested", Map.of());
        Rows before = app.database().rows();

        assertThatThrownBy(() -> outbox.append(event)).isInstanceOf(IllegalTransactionStateException.class);
        assertThat(app.database().rows()).isEqualTo(before);

        transaction().executeWithoutResult(status -> outbox.append(event));
        assertThat(app.database().rows().events()).isEqualTo(before.events() + 1);
    }

    @Test
    void what_readme_says_to_copy_changes_the_order_and_tells_of_it() {
        String id = place(Bodies.placeOrder());

        UUID event = new Copied(
                        transaction(),
                        new OrderTables(app.bean(JdbcTemplate.class)),
                        app.bean(Outbox.class),
                        Clock.systemUTC())
                .pay(UUID.fromString(id), "alice");

        assertThat(event.version()).isEqualTo(7);
        assertThat(events(id)).extracting(row -> row.get("type")).containsExactlyInAnyOrder("OrderPlaced", "OrderPaid");
        assertThat(app.database()
                        .root()
                        .queryForObject("SELECT status FROM orders WHERE id = UUID_TO_BIN(?)", String.class, id))
                .isEqualTo("PAID");
    }

    @Test
    void an_event_is_serialised_once() {
        AtomicInteger times = new AtomicInteger();

        transaction().executeWithoutResult(status -> app.bean(Outbox.class)
                .append(new OutboxEvent("Test", "once", 1, "Tested", new Counted(times))));

        assertThat(events("once"))
                .singleElement()
                .extracting(row -> row.get("payload"))
                .isEqualTo("{\"times\":1}");
        assertThat(times).hasValue(1);
    }

    private static String place(String body) {
        Answer answer = app.api().post("/v1/orders", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().get("id").stringValue();
    }

    private static List<Map<String, Object>> lines(String id) {
        return app.database()
                .root()
                .queryForList("SELECT * FROM order_lines WHERE order_id = UUID_TO_BIN(?) ORDER BY line_no", id);
    }

    private static List<Map<String, Object>> events(String id) {
        return app.database().root().queryForList("SELECT * FROM outbox WHERE aggregateid = ?", id);
    }

    private static TransactionTemplate transaction() {
        return new TransactionTemplate(app.bean(PlatformTransactionManager.class));
    }

    /** README's own words. */
    private record Copied(TransactionTemplate transaction, OrderTables orders, Outbox outbox, Clock clock) {
        UUID pay(UUID id, String caller) {
            return transaction.execute(status -> {
                Order paid = orders.lock(id, caller).orElseThrow().after(Transition.PAYMENT);
                orders.update(paid);
                OrderEvent told = OrderEvent.of(paid, null, clock.instant());
                return outbox.append(new OutboxEvent("Order", id.toString(), paid.version(), "OrderPaid", told));
            });
        }
    }

    /** Counts how often it is looked at. */
    public static final class Counted {
        private final AtomicInteger times;

        Counted(AtomicInteger times) {
            this.times = times;
        }

        public int getTimes() {
            return times.incrementAndGet();
        }
    }
}
