package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.local.Direction;
import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** MySQL behind a bad network. What the app can't store it refuses, soon; and it works again without being helped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OverloadIT {
    private static final int POOL = 4;
    private static final int PLACES = 8;
    private static final int CALLERS = 48;

    /** More than Tomcat has threads. */
    private static final int CROWD = 150;

    /** The wait for a connection, a statement that hangs, the close of its connection, and a machine that is busy. */
    private static final Duration BOUND = Duration.ofSeconds(2 + 3 + 3 + 5);

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension(
                    "--spring.datasource.hikari.maximum-pool-size=" + POOL,
                    "--spring.datasource.hikari.data-source-properties.socketTimeout=3000",
                    "--order-app.max-concurrent=" + PLACES)
            .behindACutProxy();

    private final LogWatch log = new LogWatch();

    /** Whatever happens to MySQL, the log is for those who run the app: no stack traces, SQL or data of orders. */
    @AfterEach
    void the_log_is_short() {
        app.proxy().heal();
        app.database().takeEvents();
        log.close();
        assertThat(log.linesWithATrace()).isEmpty();
        assertThat(log.lines()).noneMatch(OverloadIT::tellsTooMuch);
    }

    private static boolean tellsTooMuch(String line) {
        return Stream.of("INSERT INTO", "xiaoming@example.com", TestTokens.ALICE, "secret", "\tat ")
                .anyMatch(line::contains);
    }

    @Test
    @Order(1)
    void it_starts_without_mysql_and_takes_orders_once_mysql_is_there() {
        assertThat(app.api().get("/livez").status()).isEqualTo(200);
        assertThat(app.api().get("/readyz").status()).isEqualTo(503);
        assertThat(place().status()).isEqualTo(503);
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("MySQL was UNKNOWN and is DOWN"))
                .hasSize(1);
        recovers();
    }

    @Test
    void while_mysql_hangs_everybody_is_told_to_try_again_soon_and_no_threads_pile_up() {
        assertThat(place().status()).isEqualTo(201);
        app.proxy().freeze(Direction.BOTH);

        List<CompletableFuture<Timed>> crowd =
                Stream.generate(OverloadIT::placeLater).limit(CROWD).toList();
        await().atMost(BOUND).until(() -> crowd.stream().anyMatch(CompletableFuture::isDone));
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("http-nio-.*-exec-.*"))
                .count();
        assertThat(crowd).as("some wait for MySQL").anyMatch(answer -> !answer.isDone());
        List<Timed> answers = crowd.stream().map(CompletableFuture::join).toList();

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.answer().status()).isEqualTo(503);
            assertThat(answer.answer().header("Retry-After")).isNotEmpty();
            assertThat(answer.answer().header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.took()).isLessThan(BOUND);
        });
        assertThat(answers.stream().filter(answer -> answer.took().compareTo(Duration.ofSeconds(2)) < 0))
                .as("sent away at once, since all places are taken")
                .hasSizeGreaterThanOrEqualTo(CROWD - 3 * PLACES);
        assertThat(threads).isLessThanOrEqualTo(Runtime.version().feature() >= 21 ? 0 : 96);
        recovers();
    }

    @Test
    void while_mysql_is_gone_it_is_503_and_readiness_tells_but_liveness_does_not() {
        assertThat(place().status()).isEqualTo(201);
        app.proxy().cut();

        assertThat(place().status()).isEqualTo(503);
        assertThat(app.api().get("/readyz").status()).isEqualTo(503);
        assertThat(app.api().get("/livez").status()).isEqualTo(200);
        recovers();
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> app.api().get("/readyz").status() == 200);
    }

    @ParameterizedTest
    @FieldSource("dev.outboxrelay.order.Failures#PASSING_CODES")
    void what_mysql_refuses_only_for_a_while_is_503_and_leaves_nothing(int code) {
        Rows before = app.database().rows();
        app.database().refuseEvents(code);

        Answer refused = app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "code-" + code);
        app.database().takeEvents();

        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(app.database().rows()).isEqualTo(before);
        assertThat(app.api()
                        .post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "code-" + code)
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(ints = {1053, 1290, 1792, 1836, 3169})
    void a_server_that_has_stopped_writing_is_left(int code) {
        assertThat(place().status()).isEqualTo(201);
        List<Long> before = app.database().connectionsOfTheApp();
        app.database().refuseEvents(code);

        assertThat(place().status()).isEqualTo(503);

        await().atMost(BOUND).until(() -> !app.database().connectionsOfTheApp().containsAll(before));
    }

    @Test
    void while_all_connections_are_taken_it_is_503_after_a_bounded_wait() throws SQLException {
        assertThat(place().status()).isEqualTo(201);
        DataSource pool = app.bean(DataSource.class);
        try (Connection one = pool.getConnection();
                Connection two = pool.getConnection();
                Connection three = pool.getConnection();
                Connection four = pool.getConnection()) {
            assertThat(List.of(one, two, three, four)).hasSize(POOL);

            Timed refused = placeTimed();

            assertThat(refused.answer().status()).isEqualTo(503);
            assertThat(refused.answer().header("Retry-After")).isNotEmpty();
            assertThat(refused.took()).isLessThan(BOUND);
        }
        assertThat(place().status()).isEqualTo(201);
    }

    @Test
    void a_lock_that_is_nobodys_command_is_503_and_not_taken_for_the_same_command_in_progress() throws SQLException {
        Rows before = app.database().rows();
        try (Connection other = app.database().connectAsRoot();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeQuery("SELECT id FROM outbox FOR UPDATE").close();

            Answer refused = app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "locked");

            assertThat(refused.status()).as(refused.text()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(app.database().rows()).isEqualTo(before);
            other.rollback();
        }
        Answer stored = app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "locked");
        assertThat(stored.status()).isEqualTo(201);
        assertThat(stored.header("Idempotent-Replayed")).isEmpty();
        assertThat(app.database().rows()).isEqualTo(before.and(1));
    }

    @Test
    void a_machine_that_vanishes_holds_its_locks_for_a_minute_and_whoever_is_there_says_so_more_often() {
        assertThat(new JdbcTemplate(app.bean(DataSource.class)).queryForObject("SELECT @@wait_timeout", Long.class))
                .isEqualTo(60);
        assertThat(app.bean(HikariDataSource.class).getKeepaliveTime())
                .isEqualTo(Duration.ofSeconds(30).toMillis());
    }

    @Test
    void a_slow_mysql_makes_answers_slow_and_nothing_worse() {
        app.proxy().delay(Duration.ofMillis(100), Direction.TO_CLIENT);

        List<Timed> answers = placeMany();

        assertThat(answers)
                .extracting(answer -> answer.answer().status())
                .isSubsetOf(201, 503)
                .contains(201);
        recovers();
    }

    @Test
    void an_answer_that_is_lost_on_the_way_is_found_again_with_the_key() {
        app.proxy().freeze(Direction.TO_CLIENT);
        Answer lost = app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "lost");
        assertThat(lost.status()).isEqualTo(503);
        app.proxy().heal();

        Answer found = await().atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "lost"),
                        answer -> answer.status() == 201);
        Answer again = app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", "lost");
        assertThat(again.text()).isEqualTo(found.text());
        whole();
    }

    private static void recovers() {
        app.proxy().heal();
        await().atMost(30, TimeUnit.SECONDS).until(() -> place().status() == 201);
        whole();
    }

    /** Every order has its lines and its event. */
    private static void whole() {
        assertThat(app.database()
                        .root()
                        .queryForObject(
                                "SELECT COUNT(*) FROM orders o WHERE"
                                        + " (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) <> 1"
                                        + " OR (SELECT COUNT(*) FROM outbox e WHERE e.aggregateid = BIN_TO_UUID(o.id)) <> 1",
                                Long.class))
                .isZero();
        assertThat(app.database().rows().events())
                .isEqualTo(app.database().rows().orders());
    }

    private static Answer place() {
        return app.api().post("/v1/orders", Bodies.placeOrder());
    }

    private static List<Timed> placeMany() {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            return IntStream.range(0, CALLERS).mapToObj(i -> callers.submit(OverloadIT::placeTimed)).toList().stream()
                    .map(OverloadIT::join)
                    .toList();
        } finally {
            callers.shutdownNow();
        }
    }

    private static CompletableFuture<Timed> placeLater() {
        long start = System.nanoTime();
        return app.api()
                .postAsync("/v1/orders", Bodies.placeOrder())
                .thenApply(answer -> new Timed(answer, Duration.ofNanos(System.nanoTime() - start)));
    }

    private static Timed placeTimed() {
        long start = System.nanoTime();
        Answer answer = place();
        return new Timed(answer, Duration.ofNanos(System.nanoTime() - start));
    }

    private static Timed join(Future<Timed> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("No answer at all", e);
        }
    }

    private record Timed(Answer answer, Duration took) {}
}
