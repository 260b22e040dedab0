package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    static Path directory;

    private static MadeSecrets secrets = new MadeSecrets(Path.of(""));

    @BeforeAll
    static void makeThem() {
        secrets = MadeSecrets.in(directory);
    }

    @Test
    void a_second_run_changes_nothing() {
        Map<String, String> before = secrets.all();

        secrets.make();

        assertThat(secrets.all()).isEqualTo(before);
    }

    @Test
    void a_run_that_was_cut_off_is_completed_with_what_is_there_kept(@TempDir Path fresh) throws IOException {
        MadeSecrets cutOff = MadeSecrets.in(fresh);
        String kept = cutOff.read("mysql/root-password");
        Files.delete(fresh.resolve("flyway/root-password"));
        Files.delete(fresh.resolve("rabbitmq/definitions.json"));
        Files.delete(fresh.resolve("mailpit/tls.crt"));

        cutOff.make();

        assertThat(cutOff.read("mysql/root-password")).isEqualTo(kept);
        assertThat(cutOff.read("flyway/root-password")).isEqualTo(kept);
        assertThat(cutOff.all().keySet()).isEqualTo(secrets.all().keySet());
    }

    @Test
    void two_installations_have_no_password_in_common(@TempDir Path other) {
        Set<String> here = passwords(secrets);
        Set<String> there = passwords(MadeSecrets.in(other));

        assertThat(here).hasSizeGreaterThan(8).doesNotContainAnyElementsOf(there);
    }

    @Test
    void the_authoritys_key_is_in_no_directory_that_a_server_mounts() {
        assertThat(secrets.all().keySet().stream().filter(path -> path.endsWith("ca.key")))
                .containsExactly("ca/ca.key");
    }

    @Test
    void the_mail_servers_certificate_is_for_its_name_and_from_the_authority_that_the_worker_trusts() {
        Shell verified = Shell.run(
                directory,
                Map.of(),
                "openssl",
                "verify",
                "-CAfile",
                "mail-worker/smtp-ca.pem",
                "-verify_hostname",
                "mailpit",
                "mailpit/tls.crt");

        assertThat(verified.output()).contains("OK");
        assertThat(verified.exitCode()).isZero();
    }

    @Test
    void show_prints_one_of_them() {
        assertThat(secrets.script("show", "client/order-api-token").output())
                .isEqualTo(secrets.read("client/order-api-token") + "\n");
        assertThat(secrets.script("unknown").exitCode()).isEqualTo(2);
    }

    private static Set<String> passwords(MadeSecrets secrets) {
        Set<String> values = new HashSet<>();
        secrets.all().forEach((path, value) -> {
            if (path.contains("password") || path.contains("token")) {
                values.add(value);
            }
        });
        values.remove("client");
        values.remove("orders:write");
        return values;
    }
}
