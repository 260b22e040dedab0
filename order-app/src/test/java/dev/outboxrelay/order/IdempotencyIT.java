package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension("--order-app.idempotency.sweep=1h");

    private final String key = UUID.randomUUID().toString();

    @Test
    void the_same_command_with_the_same_key_is_carried_out_once_and_answered_alike() {
        Rows before = app.database().rows();
        Answer first = place(key);
        Answer second = place('"' + key + '"');

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Location"))
                .isEqualTo(first.header("Location"))
                .isNotEmpty();
        assertThat(second.header("ETag")).isEqualTo("\"1\"");
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(app.database().rows()).isEqualTo(before.and(1));
    }

    @Test
    void other_white_space_is_the_same_command_and_another_quantity_is_not() {
        Answer first = place(key);
        Answer same = app.api().post("/v1/orders", Bodies.placeOrderTree().toString(), "Idempotency-Key", key);
        Answer other = app.api()
                .post(
                        "/v1/orders",
                        Bodies.placeOrder().replace("\"quantity\": 2", "\"quantity\": 3"),
                        "Idempotency-Key",
                        key);

        assertThat(same.text()).isEqualTo(first.text());
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void two_callers_may_choose_the_same_key() {
        Answer first = place(key);
        Answer second =
                app.api().withToken(TestTokens.BOB).post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", key);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.header("Location")).isNotEqualTo(first.header("Location"));
    }

    @Test
    void a_payment_can_be_repeated_although_the_order_is_paid() {
        String id = place(key).json().get("id").stringValue();
        String path = "/v1/orders/" + id + "/payment";
        Answer first = app.api().post(path, "", "Idempotency-Key", "pay " + key, "If-Match", "\"1\"");
        Answer second = app.api().post(path, "", "Idempotency-Key", "pay " + key, "If-Match", "\"1\"");

        assertThat(first.status()).isEqualTo(400);
        assertThat(second.status()).isEqualTo(400);

        first = app.api().post(path, "", "Idempotency-Key", "\"pay " + key + '"', "If-Match", "\"1\"");
        second = app.api().post(path, "", "Idempotency-Key", "\"pay " + key + '"', "If-Match", "\"1\"");

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(app.api().post(path, "").status()).isEqualTo(409);
    }

    @Test
    void a_key_of_one_order_cannot_be_used_for_another() {
        place(key);
        String other = place(UUID.randomUUID().toString()).json().get("id").stringValue();

        assertThat(app.api()
                        .post("/v1/orders/" + other + "/payment", "", "Idempotency-Key", key)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void a_command_that_was_refused_does_not_use_up_its_key() {
        assertThat(app.api().post("/v1/orders", "{}", "Idempotency-Key", key).status())
                .isEqualTo(400);
        assertThat(place(key).status()).isEqualTo(201);
    }

    @Test
    void nor_does_a_change_that_came_too_early_or_on_the_wrong_version() {
        String path = "/v1/orders/" + place(key).json().get("id").stringValue();
        String shipment = "{\"carrier\":\"c\",\"tracking\":\"t\"}";

        assertThat(app.api()
                        .post(path + "/payment", "", "Idempotency-Key", key + "p", "If-Match", "\"2\"")
                        .status())
                .isEqualTo(412);
        assertThat(app.api()
                        .post(path + "/shipment", shipment, "Idempotency-Key", key + "s")
                        .status())
                .isEqualTo(409);
        for (Answer done : List.of(
                app.api().post(path + "/payment", "", "Idempotency-Key", key + "p", "If-Match", "\"1\""),
                app.api().post(path + "/shipment", shipment, "Idempotency-Key", key + "s"))) {
            assertThat(done.status()).as(done.text()).isEqualTo(200);
            assertThat(done.header("Idempotent-Replayed")).isEmpty();
        }
    }

    @Test
    void keys_that_differ_in_a_space_at_the_end_are_two() {
        Answer first = place(key);
        Answer second = place('"' + key + " \"");

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.header("Location")).isNotEqualTo(first.header("Location"));
        assertThat(place('"' + key + " \"").text()).isEqualTo(second.text());
    }

    @Test
    void while_the_first_is_in_progress_the_second_is_told_so_and_can_come_back() throws SQLException {
        try (Connection other = app.database().connectAsRoot();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO idempotency_keys (caller, idempotency_key, fingerprint, status, etag, body)"
                    + " VALUES ('alice', '" + key + "', '', 201, '', '')");

            Answer answer = place(key);
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.header("Retry-After")).isNotEmpty();
            other.rollback();
        }
        assertThat(place(key).status()).isEqualTo(201);
    }

    @Test
    void of_many_at_once_with_one_key_all_get_the_same_order_or_are_told_to_wait() {
        Rows before = app.database().rows();

        List<Answer> answers =
                IntStream.range(0, 24).mapToObj(i -> CompletableFuture.supplyAsync(() -> place(key))).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(answers).extracting(Answer::status).isSubsetOf(201, 409).contains(201);
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .map(Answer::text)
                        .distinct())
                .hasSize(1);
        assertThat(app.database().rows().orders()).isEqualTo(before.orders() + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"\"", "\"a", "a,b", "a b", "\"a\"b", "\"\\a\""})
    void a_key_that_is_neither_quoted_nor_a_bare_word_is_400(String bad) {
        assertThat(IdempotencyKeyHeader.parse(bad)).isEmpty();
        assertThat(place(bad).status()).isEqualTo(400);
    }

    @Test
    void a_key_of_more_than_255_characters_or_two_of_them_are_400() {
        assertThat(place("k".repeat(256)).status()).isEqualTo(400);
        assertThat(place("k".repeat(255)).status()).isEqualTo(201);
        assertThat(app.api()
                        .post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "a", "Idempotency-Key", "b")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_key_is_forgotten_only_after_it_has_expired() {
        Answer first = place(key);
        KeySweeper sweeper = app.bean(KeySweeper.class);

        age(Duration.ofHours(24).minusMinutes(1));
        sweeper.sweep();
        assertThat(place(key).text()).isEqualTo(first.text());

        age(Duration.ofHours(24).plusMinutes(1));
        sweeper.sweep();
        assertThat(place(key).text()).isNotEqualTo(first.text());
    }

    /** As a migration does that copies the table. A wait that MySQL did not end would keep a connection of the server's. */
    @Test
    void while_the_table_of_keys_is_copied_callers_try_again_and_nobody_is_left_waiting_for_it() throws SQLException {
        Rows before = app.database().rows();
        List<Long> connections = app.database().connectionsOfTheApp();
        try (Connection migration = app.database().connectAsRoot();
                Statement statement = migration.createStatement()) {
            statement.execute("LOCK TABLES idempotency_keys READ");

            Answer refused = place(key);

            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(app.database().waitingForATable()).isEmpty();
            statement.execute("UNLOCK TABLES");
        }
        assertThat(place(key).status()).isEqualTo(201);
        assertThat(app.database().rows()).isEqualTo(before.and(1));
        assertThat(app.database().connectionsOfTheApp()).containsAll(connections);
    }

    private void age(Duration age) {
        app.database()
                .root()
                .update(
                        "UPDATE idempotency_keys SET created_at = NOW(6) - INTERVAL ? SECOND WHERE idempotency_key = ?",
                        age.toSeconds(),
                        key);
    }

    private static Answer place(String key) {
        return app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", key);
    }
}
