package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that try again with the same key, while app and MySQL are killed under them. */
class KillIT {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    private static @Nullable Database started;
    private static @Nullable AppProcess running;

    /** Key to the first answer that a client got. */
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private final AtomicBoolean more = new AtomicBoolean(true);

    private final Database database = Objects.requireNonNull(started);
    private final AppProcess app = Objects.requireNonNull(running);

    @BeforeAll
    static void start() {
        started = Database.fresh(mysql);
        running = AppProcess.start(
                started,
                "--spring.datasource.hikari.data-source-properties.sessionVariables="
                        + "innodb_lock_wait_timeout=1,lock_wait_timeout=120,wait_timeout=60");
    }

    @AfterAll
    static void end() {
        if (running != null) {
            running.close();
        }
    }

    @Test
    void whoever_tries_until_it_is_answered_gets_exactly_one_order_through_kills_of_the_app_and_of_mysql() {
        Rows before = database.rows();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<CompletableFuture<Void>> all = Stream.generate(
                            () -> CompletableFuture.runAsync(this::placeUntilTold, clients))
                    .limit(CLIENTS)
                    .toList();
            for (int round = 0; round < 2; round++) {
                awaitMore(20);
                app.kill();
                app.startAgain();
                awaitMore(20);
                database.server().kill();
                isUnavailable();
                database.server().start();
            }
            awaitMore(20);
            database.server().freeze();
            isUnavailable();
            database.server().thaw();
            awaitMore(20);
            more.set(false);
            assertThat(all).allSatisfy(client -> assertThat(client).succeedsWithin(PATIENCE));

            Rows after = before.and(answers.size());
            assertThat(database.rows()).isEqualTo(after);
            assertThat(answers.values()).doesNotHaveDuplicates();
            answers.forEach((key, text) -> assertThat(place(key).text()).isEqualTo(text));
            assertThat(database.rows()).isEqualTo(after);
            assertThat(database.events()).allSatisfy(new EventContract()::check);
            assertThat(app.process().output())
                    .doesNotContain("\tat ", "INSERT INTO", "xiaoming@example.com", TestTokens.ALICE);
        } finally {
            clients.shutdownNow();
        }
    }

    /**
     * The transaction of the dead app waits for a table, longer than by default so that it outlasts the start of the next, and
     * MySQL sees only afterwards that nobody is there any more.
     */
    @Test
    void while_mysql_has_not_ended_what_a_killed_app_began_its_key_is_409_and_then_it_is_free() throws SQLException {
        String key = UUID.randomUUID().toString();
        Rows before = database.rows();
        try (Connection other = database.connectAsRoot();
                Statement statement = other.createStatement()) {
            statement.execute("LOCK TABLES outbox WRITE");
            CompletableFuture<Answer> begun = CompletableFuture.supplyAsync(() -> place(key));
            await().atMost(PATIENCE).until(() -> !database.waitingForATable().isEmpty());
            app.kill();
            assertThat(begun).failsWithin(PATIENCE);
            app.startAgain();

            Answer retried = place(key);

            assertThat(retried.status()).as(retried.text()).isEqualTo(409);
            assertThat(retried.header("Retry-After")).isNotEmpty();
            statement.execute("UNLOCK TABLES");
        }
        Answer done = await().atMost(PATIENCE).until(() -> place(key), answer -> answer.status() != 409);
        assertThat(done.status()).as(done.text()).isEqualTo(201);
        assertThat(database.rows()).isEqualTo(before.and(1));
    }

    /** And says so, within the time that the client waits. */
    private void isUnavailable() {
        Answer answer = place(UUID.randomUUID().toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(app.api().get("/readyz").status()).isEqualTo(503);
        assertThat(app.api().get("/livez").status()).isEqualTo(200);
    }

    private void placeUntilTold() {
        while (more.get()) {
            String key = UUID.randomUUID().toString();
            Answer answer = await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreException(UncheckedIOException.class)
                    .until(() -> place(key), KillIT::isTold);
            assertThat(answer.status())
                    .as(answer.text()
                            + app.process()
                                    .output()
                                    .lines()
                                    .filter(l -> l.contains("Incident"))
                                    .toList())
                    .isEqualTo(201);
            answers.put(key, answer.text());
        }
    }

    /** Anything but "try again". */
    private static boolean isTold(Answer answer) {
        return answer.status() != 503 && answer.status() != 409;
    }

    private Answer place(String key) {
        return app.api().post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", key);
    }

    private void awaitMore(int orders) {
        int before = answers.size();
        await().atMost(PATIENCE).until(() -> answers.size() >= before + orders);
    }
}
