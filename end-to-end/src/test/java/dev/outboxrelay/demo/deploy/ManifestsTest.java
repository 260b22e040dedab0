package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.docs.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The pods of deploy/kubernetes: what they run, how they are asked whether they are well, and what they may. */
class ManifestsTest {

    private static final Path ROOT = Home.find().root();
    private static final Manifests MANIFESTS = Manifests.read();
    private static final List<String> IMAGES = List.of("flyway", "order-app", "outbox-relay", "mail-worker");
    private static final Pattern PEAK = Pattern.compile("RESULTS\\.md: (\\d+) MB at most");
    private static final Pattern MEASURED = Pattern.compile("([\\d,.]+) (?:MB at most|µs|% at)");

    @Test
    void every_image_is_one_that_compose_builds_and_has_its_tag_in_one_place() {
        JsonNode compose = Yaml.documents(ROOT.resolve("compose.yaml")).get(0).path("services");
        JsonNode settings = Yaml.documents(MANIFESTS.directory().resolve("settings/kustomization.yaml"))
                .get(0);

        assertThat(MANIFESTS.workloads())
                .allSatisfy(workload -> assertThat(workload.module()).isIn(IMAGES));
        assertThat(settings.path("images").findValuesAsString("name")).containsExactlyElementsOf(IMAGES);
        assertThat(IMAGES).allSatisfy(image -> assertThat(ROOT.resolve(
                        compose.path(image).path("build").path("dockerfile").asString()))
                .isRegularFile());
    }

    @Test
    void every_file_is_in_a_kustomization_and_every_file_of_one_is_there() throws IOException {
        for (String directory : List.of(".", "settings", "flyway", "commands")) {
            Path here = MANIFESTS.directory().resolve(directory);
            JsonNode kustomization =
                    Yaml.documents(here.resolve("kustomization.yaml")).get(0);
            List<String> listed = kustomization
                    .path("resources")
                    .valueStream()
                    .map(JsonNode::asString)
                    .toList();
            try (Stream<Path> files = Files.list(here)) {
                assertThat(files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".yaml")
                                        && !name.equals("kustomization.yaml")
                                        && !name.startsWith("secrets.")))
                        .as(directory)
                        .containsExactlyInAnyOrderElementsOf(listed);
            }
            kustomization.path("components").forEach(component -> assertThat(here.resolve(component.asString()))
                    .isDirectory());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker"})
    void probes_ask_where_the_application_listens(String app) throws IOException {
        Workload workload = MANIFESTS.workload(app);
        int management =
                Integer.parseInt(defaultOf(app, app.equals("order-app") ? "management.server.port" : "server.port"));

        assertThat(probe(workload, "startupProbe")).isEqualTo(management + " /actuator/health/liveness");
        assertThat(probe(workload, "livenessProbe")).isEqualTo(management + " /actuator/health/liveness");
        assertThat(probe(workload, "readinessProbe"))
                .isEqualTo(app.equals("order-app") ? "8080 /readyz" : management + " /actuator/health/readiness");
        assertThat(workload.port("management")).isEqualTo(management);
        assertThat(dockerfile(app)).contains("EXPOSE " + defaultOf(app, "server.port"));
        assertThat(workload.settings()).containsEntry("server.address", "0.0.0.0");
        assertThat(workload.settings().getOrDefault("management.server.address", "0.0.0.0"))
                .isEqualTo("0.0.0.0");
        assertThat(annotation(workload, "prometheus.io/port")).isEqualTo("" + management);
        assertThat(annotation(workload, "prometheus.io/path")).isEqualTo("/actuator/prometheus");
    }

    @Test
    void the_management_port_of_order_app_is_asked_from_outside_as_well() {
        assertThat(MANIFESTS.workload("order-app").settings()).containsEntry("management.server.address", "0.0.0.0");
        assertThat(MANIFESTS.workload("order-app").port("http")).isEqualTo(8080);
    }

    @Test
    void everything_runs_as_nobody_in_particular_on_a_file_system_that_it_cannot_change() {
        assertThat(MANIFESTS.workloads()).hasSize(5).allSatisfy(workload -> {
            JsonNode pod = workload.pod().path("securityContext");
            JsonNode container = workload.container().path("securityContext");
            assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
            assertThat(dockerfile(workload.module()))
                    .contains("\nUSER %s:%s\n"
                            .formatted(
                                    pod.path("runAsUser").asInt(),
                                    pod.path("fsGroup").asInt()));
            assertThat(pod.path("seccompProfile").path("type").asString()).isEqualTo("RuntimeDefault");
            assertThat(container.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.path("capabilities").path("drop").path(0).asString())
                    .isEqualTo("ALL");
            assertThat(workload.pod().path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            assertThat(workload.container().path("volumeMounts").findValuesAsString("mountPath"))
                    .containsExactly("/run/secrets", "/tmp");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker"})
    void a_stop_has_the_time_that_the_application_takes_for_it(String app) {
        Workload workload = MANIFESTS.workload(app);
        JsonNode yaml = Yaml.documents(ROOT.resolve(app).resolve("src/main/resources/application.yaml"))
                .get(0)
                .path("spring");
        String phase = yaml.path("lifecycle")
                .path("timeout-per-shutdown-phase")
                .asString(yaml.path("lifecycle.timeout-per-shutdown-phase").asString());
        int before = workload.container()
                .path("lifecycle")
                .path("preStop")
                .path("exec")
                .path("command")
                .path(1)
                .asInt(0);

        assertThat(workload.pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThan(before + Integer.parseInt(phase.replace("s", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker"})
    void memory_goes_by_what_the_bench_has_measured(String app) throws IOException {
        String manifest = Files.readString(MANIFESTS.directory().resolve(app + ".yaml"));
        String results = Files.readString(ROOT.resolve("bench/RESULTS.md"));
        JsonNode resources = MANIFESTS.workload(app).container().path("resources");
        var peak = PEAK.matcher(manifest);

        assertThat(peak.find()).isTrue();
        assertThat(mebibytes(resources.path("requests")))
                .isGreaterThanOrEqualTo(Integer.parseInt(peak.group(1)) * 1_000_000L / (1 << 20));
        assertThat(mebibytes(resources.path("limits"))).isGreaterThan(mebibytes(resources.path("requests")));
        assertThat(MEASURED.matcher(manifest).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(results).containsPattern("(?<![\\d.,])" + Pattern.quote(figure)));
    }

    @Test
    void selectors_choose_the_pods_that_they_mean() {
        for (String app : List.of("order-app", "outbox-relay", "mail-worker")) {
            Workload workload = MANIFESTS.workload(app);
            JsonNode labels = workload.labels();
            JsonNode spread = workload.pod().path("topologySpreadConstraints").path(0);
            assertThat(workload.object().path("spec").path("selector").path("matchLabels"))
                    .isEqualTo(labels);
            assertThat(spread.path("labelSelector").path("matchLabels")).isEqualTo(labels);
            assertThat(MANIFESTS
                            .get("PodDisruptionBudget", app)
                            .path("spec")
                            .path("selector")
                            .path("matchLabels"))
                    .isEqualTo(labels);
        }
        JsonNode service = MANIFESTS.get("Service", "order-app").path("spec");
        assertThat(service.path("selector"))
                .isEqualTo(MANIFESTS.workload("order-app").labels());
        assertThat(service.path("ports").path(0).path("targetPort").asString()).isEqualTo("http");
    }

    private static String probe(Workload workload, String probe) {
        JsonNode get = workload.container().path(probe).path("httpGet");
        return workload.port(get.path("port").asString()) + " "
                + get.path("path").asString();
    }

    private static String annotation(Workload workload, String name) {
        return workload.template()
                .path("metadata")
                .path("annotations")
                .path(name)
                .asString();
    }

    /** From the README, which the module's own test compares with what holds. */
    private static String defaultOf(String app, String setting) {
        Map<String, String> ports = Map.of("outbox-relay", "9081", "mail-worker", "9082");
        return Tables.of(app + "/README.md").stream()
                .filter(row -> row.get(0).equals("`" + setting + "`"))
                .map(row -> row.get(2).replace("`", ""))
                .findFirst()
                .orElseGet(() -> {
                    assertThat(Tables.of(app + "/README.md")).anySatisfy(row -> assertThat(row.toString())
                            .contains("server.address")
                            .contains(ports.get(app)));
                    return ports.get(app);
                });
    }

    private static String dockerfile(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("Dockerfile"));
    }

    private static long mebibytes(JsonNode amounts) {
        return Long.parseLong(amounts.path("memory").asString().replace("Mi", ""));
    }
}
