package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.order.Api.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that try again with the same key, while app and MySQL are killed under them. */
class KillIT {
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    /** Key to the first answer that a client got. */
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private final AtomicBoolean more = new AtomicBoolean(true);

    @Test
    void whoever_tries_until_it_is_answered_gets_exactly_one_order_through_kills_of_the_app_and_of_mysql()
            throws InterruptedException {
        Database database = Database.fresh(mysql);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (AppProcess app = AppProcess.start(database)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> placeUntilTold(app.api()));
            }
            for (int round = 0; round < 2; round++) {
                awaitMore(20);
                app.kill();
                app.startAgain();
                awaitMore(20);
                database.server().kill();
                database.server().start();
            }
            awaitMore(20);
            more.set(false);
            clients.shutdown();
            assertThat(clients.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            assertThat(database.rows().orders()).isEqualTo(answers.size());
            assertThat(database.rows().lines()).isEqualTo(answers.size());
            assertThat(database.rows().events()).isEqualTo(answers.size());
            assertThat(answers.values()).doesNotHaveDuplicates();
            answers.forEach(
                    (key, text) -> assertThat(place(app.api(), key).text()).isEqualTo(text));
            assertThat(database.rows().orders()).isEqualTo(answers.size());
        } finally {
            clients.shutdownNow();
        }
    }

    private void placeUntilTold(Api api) {
        while (more.get()) {
            String key = UUID.randomUUID().toString();
            Answer answer = await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreException(UncheckedIOException.class)
                    .until(() -> place(api, key), KillIT::isTold);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            answers.put(key, answer.text());
        }
    }

    /** Anything but "try again". */
    private static boolean isTold(Answer answer) {
        return answer.status() != 503 && answer.status() != 409;
    }

    private static Answer place(Api api, String key) {
        return api.post("/v1/orders", Bodies.placeOrder(), "Idempotency-Key", key);
    }

    private void awaitMore(int orders) {
        int before = answers.size();
        await().atMost(PATIENCE).until(() -> answers.size() >= before + orders);
    }
}
