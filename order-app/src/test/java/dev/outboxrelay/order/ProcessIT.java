package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProcessIT {
    @RegisterExtension
    static final MySqlExtension mysql = new MySqlExtension();

    @Test
    void asked_to_stop_it_finishes_what_it_has_begun_and_logs_json_without_a_secret_or_an_address() {
        Database database = Database.fresh(mysql);
        try (AppProcess app = AppProcess.start(
                database, "--logging.structured.format.console=ecs", "--logging.level.dev.outboxrelay=debug")) {
            database.root()
                    .execute("CREATE TRIGGER broken BEFORE INSERT ON outbox FOR EACH ROW"
                            + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'inner 5ecret'");
            assertThat(app.api().post("/v1/orders", Bodies.placeOrder()).status())
                    .isEqualTo(500);
            database.root().execute("DROP TRIGGER broken");
            database.root().execute("CREATE TRIGGER slow BEFORE INSERT ON outbox FOR EACH ROW SET @slept = SLEEP(2)");
            app.api().post("/v1/orders", "{\"customer\":\"5ecret\"}");
            app.api().withToken("5ecret").post("/v1/orders", Bodies.placeOrder());
            CompletableFuture<Answer> begun =
                    CompletableFuture.supplyAsync(() -> app.api().post("/v1/orders", Bodies.placeOrder()));
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> !database.sleeping().isEmpty());

            app.process().stop();

            assertThat(begun.join().status()).isEqualTo(201);
            assertThat(database.events()).hasSize(1).allSatisfy(new EventContract()::check);
            List<String> lines = app.process().output().lines().toList();
            assertThat(lines).allSatisfy(line -> {
                JsonNode entry = JsonMapper.shared().readTree(line);
                assertThat(entry.has("@timestamp")).isTrue();
                assertThat(entry.at("/log/level").isString()).isTrue();
            });
            assertThat(lines)
                    .anyMatch(
                            line -> line.contains(begun.join().json().get("id").stringValue()));
            assertThat(app.process().output())
                    .doesNotContain(
                            "5ecret",
                            "INSERT INTO",
                            "xiaoming@example.com",
                            "王小明",
                            TestTokens.ALICE,
                            TestTokens.sha256(TestTokens.ALICE),
                            Database.PASSWORD);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--server.prt | order-app: unknown: --server.prt",
                "--server.port=0 | Nobody could call: set order-app.tokens[0]",
                "--order-app.security=perhaps | order-app.security",
                "--order-app.security=none --order-app.tokns=1 | order-app.tokns",
                "--order-app.tokens[0].subject=a | order-app.tokens[0].sha256 must be",
                "--order-app.security=none --server.port=none | server.port"
            })
    void a_wrong_setting_ends_the_start_with_a_word_about_it(String arguments, String word) {
        try (ChildProcess app = AppProcess.launch(arguments.split(" "))) {
            assertThat(app.awaitExit(Duration.ofSeconds(60))).isEqualTo(2);
            assertThat(app.output()).contains(word).doesNotContain("\tat ");
        }
    }

    /** In a shell that takes brackets for a pattern where they are not quoted, and with a setting in a file. */
    @Test
    void the_commands_of_readme_place_an_order_and_a_setting_can_be_a_file_of_its_name(@TempDir Path secrets)
            throws IOException {
        Database database = Database.fresh(mysql);
        Files.writeString(secrets.resolve("order-app.idempotency.key"), "required");
        List<String> settings = new ArrayList<>(database.settings());
        int port = Ports.free();
        settings.addAll(List.of(
                "--server.port=" + port,
                "--management.server.port=" + Ports.free(),
                "--spring.config.import=configtree:" + secrets + "/"));
        String readme = Files.readString(Path.of("README.md"));
        String start = block(readme, "    export TOKEN=")
                .replace("bin/order-app ", "bin/order-app " + String.join(" ", settings) + " ");
        String place = block(readme, "    curl ").replace("8080", String.valueOf(port));
        String script =
                start + """
                 &
                app=$!
                trap 'kill -KILL $app' EXIT
                trap 'exit 1' TERM
                for i in {1..300}; do
                  curl -fs http://127.0.0.1:%d/readyz && break
                  sleep 0.1
                done
                """.formatted(port) + place + "\n" + place.replace("-H 'Idempotency-Key: 8e03978e'", "");

        try (ChildProcess shell = ChildProcess.command("readme", "zsh", "-f", "-c", script)
                .directory(Path.of(".."))
                .start()) {
            assertThat(shell.awaitExit(Duration.ofSeconds(60)))
                    .as(shell.output())
                    .isZero();
            assertThat(shell.output()).containsSubsequence("HTTP/1.1 201", "HTTP/1.1 400");
        }
        assertThat(database.rows()).isEqualTo(new Rows(1, 1, 1));
    }

    private static String block(String readme, String start) {
        int begin = readme.indexOf(start);
        return readme.substring(begin, readme.indexOf("\n\n", begin));
    }
}
