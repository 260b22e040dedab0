package dev.outboxrelay.demo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.OrderClient;
import dev.outboxrelay.demo.SampleOrder;
import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import dev.outboxrelay.local.junit.SmtpExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The pods of deploy/kubernetes as processes, from their files; only addresses, logins and ports are others. */
class PodsIT {

    private static final Manifests MANIFESTS = Manifests.read();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOKEN = "a-token-of-this-test";

    @RegisterExtension
    static final MySqlExtension MYSQL = new MySqlExtension();

    @RegisterExtension
    static final RabbitMqExtension RABBIT = new RabbitMqExtension();

    @RegisterExtension
    static final SmtpExtension SMTP = new SmtpExtension();

    @TempDir
    Path directory;

    private final List<ChildProcess> processes = new ArrayList<>();
    private final Map<String, Integer> ports = new HashMap<>();

    @AfterEach
    void end() {
        processes.forEach(ChildProcess::close);
    }

    @Test
    void what_is_mounted_carries_an_order_to_its_mail_every_probe_says_yes_and_every_metric_is_there()
            throws Exception {
        String vhost = RABBIT.freshVhost();
        migrate();
        for (String app : List.of("order-app", "outbox-relay", "mail-worker")) {
            start(app, vhost);
        }

        OrderClient.Placed placed = OrderClient.of(URI.create("http://127.0.0.1:" + ports.get("order-app 8080")), TOKEN)
                .place(SampleOrder.number(1));

        assertThat(SMTP.sink().awaitCount(1, PATIENCE))
                .anySatisfy(mail -> assertThat(mail.header("X-Order-Id")).contains(placed.orderId()));
        Set<String> there = scraped("order-app 9080", "outbox-relay 9081", "mail-worker 9082");
        Set<String> expected = MonitoringTest.used();
        // There once something is parked.
        expected.remove("mail_worker_parked_total");
        assertThat(there).containsAll(expected);
    }

    private void migrate() throws IOException {
        Workload flyway = MANIFESTS.workload("flyway");
        Kubelet kubelet = new Kubelet(directory);
        Map<String, String> files = new TreeMap<>(flyway.settings());
        files.put("root-password", MYSQL.server().rootPassword());
        kubelet.mount("flyway", files);
        Map<String, String> environment = new TreeMap<>(flyway.environment());
        environment.replaceAll((name, value) ->
                value.replace("/run/secrets", kubelet.settings("flyway").toString()));
        environment.put("MYSQL_HOST", MYSQL.server().host());
        environment.put("MYSQL_PORT", "" + MYSQL.server().port());
        ChildProcess process =
                kubelet.start(flyway, Home.find().root().resolve("flyway/target/flyway.jar"), environment);
        processes.add(process);
        assertThat(process.awaitExit(PATIENCE)).as(process.output()).isZero();
    }

    private void start(String app, String vhost) throws Exception {
        Workload workload = MANIFESTS.workload(app);
        Kubelet kubelet = new Kubelet(directory);
        Map<String, String> files = new TreeMap<>(workload.settings());
        files.replaceAll((name, value) -> here(name, value));
        files.put("spring.rabbitmq.virtual-host", vhost);
        workload.container().path("ports").forEach(port -> {
            int free = Ports.free();
            ports.put(app + " " + port.path("containerPort").asInt(), free);
            boolean isManagement =
                    app.equals("order-app") && port.path("name").asString().equals("management");
            files.put(isManagement ? "management.server.port" : "server.port", "" + free);
        });
        if (app.equals("mail-worker")) {
            // As the README has it for a private authority.
            files.put("spring.mail.ssl.bundle", "smtp");
            files.put("smtp-ca.pem", Files.readString(SMTP.sink().caFile()));
            files.put(
                    "spring.ssl.bundle.pem.smtp.truststore.certificate",
                    "file:" + kubelet.settings(app).resolve("smtp-ca.pem"));
        }
        kubelet.mount(app, files);
        ChildProcess process = kubelet.start(workload, Home.find().app(app), Map.of());
        processes.add(process);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            process.awaitHttpOk(probed(workload, probe), PATIENCE);
        }
    }

    private URI probed(Workload workload, String probe) {
        var get = workload.container().path(probe).path("httpGet");
        int port = workload.port(get.path("port").asString());
        return URI.create("http://127.0.0.1:" + ports.get(workload.name() + " " + port)
                + get.path("path").asString());
    }

    /** A setting's value, on the servers of this test. */
    private static String here(String name, String value) {
        return switch (name) {
            case "server.address", "management.server.address" -> "127.0.0.1";
            case "spring.datasource.url" ->
                value.replaceFirst(
                        "//[^/]+/",
                        "//%s:%d/"
                                .formatted(MYSQL.server().host(), MYSQL.server().port()));
            case "spring.rabbitmq.addresses" ->
                RABBIT.server().host() + ":" + RABBIT.server().port();
            case "spring.rabbitmq.username" -> RABBIT.server().username();
            case "spring.rabbitmq.password" -> RABBIT.server().password();
            case "spring.mail.host" -> "127.0.0.1";
            case "spring.mail.port" -> "" + SMTP.sink().port();
            case "spring.mail.username" -> SMTP.sink().username();
            case "spring.mail.password" -> SMTP.sink().password();
            case "order-app.tokens[0].sha256" -> sha256(TOKEN);
            default -> value;
        };
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256", e);
        }
    }

    private Set<String> scraped(String... pods) throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (String pod : pods) {
            URI page = URI.create("http://127.0.0.1:" + ports.get(pod) + "/actuator/prometheus");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(page)
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            answer.body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> names.add(line.replaceFirst("[{ ].*", "")));
        }
        return names;
    }
}
