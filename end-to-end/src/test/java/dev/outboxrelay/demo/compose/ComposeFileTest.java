package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.flyway.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Debian's docker-compose must be installed, as bin/test sees to. */
class ComposeFileTest {

    private static final List<String> APPS = List.of("order-app", "outbox-relay", "mail-worker");
    private static final ComposeFile COMPOSE = ComposeFile.parsed();

    @Test
    void every_port_is_published_on_loopback_only() {
        COMPOSE.services().forEach((name, service) -> service.path("ports")
                .forEach(port -> assertThat(port.asString()).as(name).startsWith("127.0.0.1:")));
        assertThat(COMPOSE.service("order-app").path("ports")).isNotEmpty();
    }

    @Test
    void every_server_has_a_health_check_that_is_patient_at_the_start() throws IOException {
        for (String server : List.of("mysql", "rabbitmq", "mailpit")) {
            JsonNode check = COMPOSE.service(server).path("healthcheck");
            assertThat(check.path("test")).as(server).isNotEmpty();
            assertThat(check.path("start_period").asString()).as(server).isNotBlank();
        }
        for (String app : APPS) {
            assertThat(dockerfile(app)).as(app).contains("HEALTHCHECK ").contains("--start-period=");
        }
    }

    @Test
    void nobody_starts_before_what_it_needs_is_ready() {
        assertThat(needs("mysql")).isEqualTo(Map.of("secrets", "service_completed_successfully"));
        assertThat(needs("rabbitmq")).isEqualTo(Map.of("secrets", "service_completed_successfully"));
        assertThat(needs("mailpit")).isEqualTo(Map.of("secrets", "service_completed_successfully"));
        assertThat(needs("flyway")).isEqualTo(Map.of("mysql", "service_healthy"));
        assertThat(needs("order-app")).isEqualTo(Map.of("flyway", "service_completed_successfully"));
        assertThat(needs("outbox-relay"))
                .isEqualTo(Map.of("flyway", "service_completed_successfully", "rabbitmq", "service_healthy"));
        assertThat(needs("mail-worker"))
                .isEqualTo(Map.of(
                        "flyway", "service_completed_successfully",
                        "rabbitmq", "service_healthy",
                        "mailpit", "service_healthy"));
    }

    @Test
    void every_application_logs_in_as_its_own_user_and_has_no_password_in_its_environment() {
        assertThat(COMPOSE.environment("order-app"))
                .containsEntry("SPRING_DATASOURCE_USERNAME", Names.DEFAULT.orderApp());
        assertThat(COMPOSE.environment("outbox-relay"))
                .containsEntry("SPRING_DATASOURCE_USERNAME", Names.DEFAULT.outboxRelay());
        assertThat(COMPOSE.environment("mail-worker"))
                .containsEntry("SPRING_DATASOURCE_USERNAME", Names.DEFAULT.mailWorker());
        COMPOSE.services().keySet().forEach(service -> assertThat(COMPOSE.environment(service))
                .as(service)
                .allSatisfy((name, value) -> {
                    if (name.contains("PASSWORD")) {
                        assertThat(name).endsWith("_FILE");
                        assertThat(value).startsWith("/run/secrets/");
                    }
                }));
    }

    @Test
    void no_two_services_mount_the_same_secrets_and_none_may_change_them() {
        assertThat(COMPOSE.services().keySet().stream()
                        .filter(service -> !service.equals("secrets"))
                        .map(COMPOSE::secretsOf))
                .doesNotHaveDuplicates();
    }

    @Test
    void every_file_that_a_service_reads_from_the_checkout_is_there() {
        COMPOSE.services().forEach((name, service) -> {
            if (service.has("build")) {
                String context = service.path("build").path("context").asString();
                String dockerfile = service.path("build").path("dockerfile").asString();
                assertThat(Path.of(context, dockerfile)).as(name).isRegularFile();
            }
            service.path("volumes").forEach(volume -> {
                if (volume.asString().startsWith("/")) {
                    assertThat(Path.of(volume.asString().split(":", 2)[0]))
                            .as(name)
                            .exists();
                }
            });
        });
    }

    @Test
    void applications_run_as_nobody_in_particular_on_a_file_system_that_they_cannot_change() throws IOException {
        for (String app : List.of("flyway", "order-app", "outbox-relay", "mail-worker")) {
            assertThat(dockerfile(app)).as(app).contains("\nUSER 10001:10001\n");
            assertThat(COMPOSE.service(app).path("read_only").asBoolean())
                    .as(app)
                    .isTrue();
            assertThat(COMPOSE.service(app).path("cap_drop").path(0).asString())
                    .as(app)
                    .isEqualTo("ALL");
        }
    }

    private static Map<String, String> needs(String service) {
        Map<String, String> needs = new TreeMap<>();
        COMPOSE.service(service)
                .path("depends_on")
                .properties()
                .forEach(entry -> needs.put(
                        entry.getKey(), entry.getValue().path("condition").asString()));
        return needs;
    }

    private static String dockerfile(String module) throws IOException {
        return Files.readString(Home.find().root().resolve(module).resolve("Dockerfile"));
    }
}
