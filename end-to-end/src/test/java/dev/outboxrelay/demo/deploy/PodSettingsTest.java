package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.docs.DocumentedSettings;
import dev.outboxrelay.flyway.Names;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the manifests of deploy/kubernetes tell the applications. */
class PodSettingsTest {

    private static final Manifests MANIFESTS = Manifests.read();

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker", "outbox-relay-commands"})
    void every_file_is_a_setting_that_the_application_reads_and_its_environment_holds_none(String name) {
        Workload workload = MANIFESTS.workload(name);
        DocumentedSettings known = DocumentedSettings.of(workload.module());

        assertThat(workload.settings().keySet()).isNotEmpty().allMatch(known::has);
        assertThat(workload.environment()).isEmpty();
        assertThat(known.has("spring.datasource.passwrod"))
                .as("a slip of the pen is found")
                .isFalse();
    }

    @Test
    void flyway_has_every_variable_that_it_needs_and_each_file_that_one_names_is_in_its_secret() {
        Workload flyway = MANIFESTS.workload("flyway");
        DocumentedSettings known = DocumentedSettings.of("flyway");
        Map<String, String> variables = flyway.environment();

        assertThat(variables.keySet().stream().map(name -> name.replaceFirst("_FILE$", "")))
                .allMatch(known::has)
                .contains(
                        "MYSQL_ROOT_PASSWORD",
                        "ORDER_APP_PASSWORD",
                        "OUTBOX_RELAY_PASSWORD",
                        "MAIL_WORKER_PASSWORD",
                        "AUDITOR_PASSWORD");
        assertThat(variables.values().stream()
                        .filter(value -> value.startsWith("/"))
                        .map(value -> value.replaceFirst("^/run/secrets/", "")))
                .containsExactlyInAnyOrderElementsOf(flyway.settings().keySet());
    }

    @Test
    void every_application_logs_in_as_its_own_user_with_the_password_that_flyway_gives_it() {
        Map<String, String> flyway = MANIFESTS.workload("flyway").settings();
        Map<String, String> users = Map.of(
                "order-app", Names.DEFAULT.orderApp(),
                "outbox-relay", Names.DEFAULT.outboxRelay(),
                "mail-worker", Names.DEFAULT.mailWorker());

        users.forEach((app, user) -> assertThat(MANIFESTS.workload(app).settings())
                .containsEntry("spring.datasource.username", user)
                .containsEntry("spring.datasource.password", flyway.get(app + "-password")));
        assertThat(flyway.values()).doesNotHaveDuplicates();
    }

    @Test
    void no_pod_sees_a_secret_of_another_application_and_none_is_left_over() {
        Set<String> secrets = Set.of("flyway", "order-app", "outbox-relay", "mail-worker");

        assertThat(MANIFESTS.of("Secret").map(Manifests::name)).containsExactlyInAnyOrderElementsOf(secrets);
        MANIFESTS.workloads().forEach(workload -> assertThat(secretsOf(workload))
                .as(workload.name())
                .containsExactly(workload.module()));
    }

    @Test
    void every_key_of_a_secret_arrives_in_its_pod() {
        MANIFESTS.of("Secret").forEach(secret -> assertThat(
                        MANIFESTS.workload(Manifests.name(secret)).settings().values())
                .containsAll(secret.path("stringData").properties().stream()
                        .map(entry -> entry.getValue().asString())
                        .toList()));
    }

    @Test
    void every_key_has_letters_that_kubernetes_takes() {
        Stream.concat(MANIFESTS.of("Secret"), MANIFESTS.of("ConfigMap"))
                .flatMap(object -> Stream.concat(
                        object.path("data").properties().stream(), object.path("stringData").properties().stream()))
                .forEach(entry -> assertThat(entry.getKey()).matches("[-._a-zA-Z0-9]{1,253}"));
    }

    private static Stream<String> secretsOf(Workload workload) {
        return Stream.concat(
                workload.pod().findValues("secretName").stream().map(JsonNode::asString),
                workload.pod().findValues("secret").stream()
                        .map(secret -> secret.path("name"))
                        .filter(JsonNode::isString)
                        .map(JsonNode::asString));
    }
}
