package dev.outboxrelay.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path dir;

    @Test
    void everything_that_is_missing_is_named_at_once() {
        assertThat(run(Map.of("MYSQL_PORT", "many"))).isEqualTo(MigrateCommand.MISUSED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("MYSQL_PORT must be a port")
                .contains("MYSQL_ROOT_PASSWORD is not set")
                .contains("ORDER_APP_PASSWORD is not set")
                .contains("OUTBOX_RELAY_PASSWORD is not set")
                .contains("MAIL_WORKER_PASSWORD is not set")
                .contains("AUDITOR_PASSWORD is not set");
    }

    @Test
    void a_password_may_come_from_a_file_but_not_from_both() throws IOException {
        Path file = Files.writeString(dir.resolve("password"), "s3cret\n");
        Environment settings = new Environment(
                Map.of("A_FILE", file.toString(), "B", "x", "B_FILE", file.toString(), "C_FILE", "/nowhere/at/all"));

        assertThat(settings.get("A")).isEqualTo("s3cret");
        assertThat(settings.problems()).isEmpty();
        settings.get("B");
        settings.get("C");
        assertThat(settings.problems())
                .containsExactly(
                        "B and B_FILE are both set; set one.",
                        "C_FILE names /nowhere/at/all, which cannot be read: NoSuchFileException.");
    }

    @Test
    void a_server_that_is_not_there_is_one_sentence_and_code_1() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }

        assertThat(run(complete("MYSQL_PORT", String.valueOf(nobody)))).isEqualTo(MigrateCommand.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("cannot be reached")
                .doesNotContain("s3cret");
    }

    @Test
    void help_is_data_and_an_unknown_argument_is_refused() {
        assertThat(run(Map.of(), "--help")).isEqualTo(MigrateCommand.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("MYSQL_ROOT_PASSWORD");

        assertThat(run(complete("MYSQL_HOST", "localhost"), "--dry-run")).isEqualTo(MigrateCommand.MISUSED);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Unknown argument --dry-run");
    }

    private static Map<String, String> complete(String name, String value) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MYSQL_ROOT_PASSWORD", "s3cret",
                "ORDER_APP_PASSWORD", "s3cret",
                "OUTBOX_RELAY_PASSWORD", "s3cret",
                "MAIL_WORKER_PASSWORD", "s3cret",
                "AUDITOR_PASSWORD", "s3cret"));
        environment.put(name, value);
        return environment;
    }

    private int run(Map<String, String> environment, String... args) {
        return MigrateCommand.run(
                args,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
