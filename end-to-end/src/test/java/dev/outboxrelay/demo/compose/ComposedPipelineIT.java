package dev.outboxrelay.demo.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.OrderClient;
import dev.outboxrelay.demo.SampleOrder;
import dev.outboxrelay.demo.Shell;
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
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposedPipelineIT {

    private static final ComposeFile COMPOSE = ComposeFile.parsed();
    private static final Pattern HEALTHCHECK = Pattern.compile("CMD \\[\"healthcheck\", \"(\\d+)\"]");
    private static final List<String> APPS = List.of("order-app", "outbox-relay", "mail-worker");

    @RegisterExtension
    static final MySqlExtension MYSQL = new MySqlExtension();

    @RegisterExtension
    static final RabbitMqExtension RABBIT = new RabbitMqExtension();

    @RegisterExtension
    static final SmtpExtension SMTP = new SmtpExtension();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"order-app", "outbox-relay", "mail-worker"})
    void every_variable_and_every_secret_is_a_setting_that_the_application_reads(String app) {
        KnownSettings known = KnownSettings.of(app);
        Map<String, String> environment = COMPOSE.environment(app);
        MadeSecrets secrets = MadeSecrets.in(directory);

        assertThat(environment.keySet()).allMatch(name -> known.has(name) || namesABundle(name));
        assertThat(secrets.of(COMPOSE.secretsOf(app)).keySet())
                .allMatch(file -> known.has(file)
                        || isOwn(app, file)
                        || environment.values().stream().anyMatch(value -> value.endsWith("/run/secrets/" + file)));
        assertThat(known.has("SPRING_DATASOURCE_PASSWROD"))
                .as("a slip of the pen is found")
                .isFalse();
    }

    /** What follows spring.ssl.bundle.pem is a name of our own choice. */
    private static boolean namesABundle(String variable) {
        return variable.startsWith("SPRING_SSL_BUNDLE_PEM_");
    }

    /** The application refuses to start without these, as the test below would show. */
    private static boolean isOwn(String app, String file) {
        return app.equals("order-app") && file.matches("order-app\\.tokens\\[0]\\.(subject|sha256|scopes)");
    }

    @Test
    void what_it_sets_and_makes_carries_an_order_to_its_mail_and_the_health_checks_see_it()
            throws IOException, InterruptedException {
        MadeSecrets secrets = MadeSecrets.in(directory);
        importDefinitions(secrets);
        try (ComposedPipeline pipeline =
                new ComposedPipeline(COMPOSE, secrets, MYSQL.server(), RABBIT.server(), SMTP.sink())) {
            Path flyway = Home.find().root().resolve("flyway/target/flyway.jar");
            ChildProcess migration = pipeline.start("flyway", flyway, 0);
            assertThat(migration.awaitExit(Duration.ofMinutes(2)))
                    .as(migration.output())
                    .isZero();
            int orderPort = startAndAwaitHealthy(pipeline);

            String token =
                    secrets.script("show", "client/order-api-token").output().strip();
            OrderClient.Placed placed = OrderClient.of(URI.create("http://127.0.0.1:" + orderPort), token)
                    .place(SampleOrder.number(1));

            assertThat(SMTP.sink().awaitCount(1, Duration.ofMinutes(1)))
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.header("X-Order-Id")).contains(placed.orderId()));
        }
    }

    /** Starts all three and has each one's own health check say yes; returns the port of the order API. */
    private static int startAndAwaitHealthy(ComposedPipeline pipeline) throws IOException {
        int orderPort = 0;
        for (String app : APPS) {
            int port = Ports.free();
            ChildProcess process = pipeline.start(app, Home.find().app(app), port);
            assertThat(healthcheck(port).exitCode()).as(app + " is not up yet").isNotZero();
            assertThat(checkedPort(app)).as(app).isEqualTo(exposedPort(app));
            process.awaitHttpOk(URI.create("http://127.0.0.1:" + port + "/readyz"), Duration.ofMinutes(2));
            assertThat(healthcheck(port).exitCode()).as(app + " is up").isZero();
            orderPort = app.equals("order-app") ? port : orderPort;
        }
        return orderPort;
    }

    private static Shell healthcheck(int port) {
        return Shell.run(Home.find().root(), Map.of(), "deploy/healthcheck", Integer.toString(port));
    }

    private static String checkedPort(String app) throws IOException {
        Matcher check = HEALTHCHECK.matcher(
                Files.readString(Home.find().root().resolve(app).resolve("Dockerfile")));
        assertThat(check.find()).isTrue();
        return check.group(1);
    }

    private static String exposedPort(String app) {
        String published = COMPOSE.service(app).path("ports").path(0).asString();
        return published.replaceAll(".*:(\\d+)/tcp", "$1");
    }

    private static void importDefinitions(MadeSecrets secrets) throws IOException, InterruptedException {
        URI management = RABBIT.server().managementUri();
        String login =
                Base64.getEncoder().encodeToString(management.getRawUserInfo().getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + management.getPort() + "/api/definitions"))
                .header("Authorization", "Basic " + login)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(secrets.read("rabbitmq/definitions.json")))
                .build();
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
}
