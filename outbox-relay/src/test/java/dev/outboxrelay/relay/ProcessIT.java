package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The relay as it is shipped: a process, configured by its environment. */
class ProcessIT {

    private static final int WINDOW = 100;
    private static final Duration PACE = Duration.ofMillis(3);
    private static final int LOAD = 1_500;

    @RegisterExtension
    final StageExtension stages = new StageExtension();

    private Stage stage;

    @BeforeEach
    void set() {
        stage = stages.stage();
        stage.properties.put("relay.window.messages", WINDOW);
    }

    @Test
    void what_a_killed_relay_publishes_twice_is_what_was_confirmed_since_the_last_write_and_its_window()
            throws Exception {
        List<String> expected = new ArrayList<>();
        long unstored;
        try (RelayProcess first = RelayProcess.start(stage)) {
            CompletableFuture<List<String>> load = CompletableFuture.supplyAsync(() -> insert(LOAD));
            Awaitility.await().atMost(Stage.PATIENCE).until(() -> stage.channel.messageCount(Stage.QUEUE) > 500);
            first.process().kill();
            unstored = Unstored.count(stage);
            expected.addAll(load.join());
        }
        try (RelayProcess second = RelayProcess.start(stage)) {
            List<String> arrived = new ArrayList<>();
            Set<String> distinct = new HashSet<>();
            while (distinct.size() < LOAD) {
                arrived.addAll(Stage.ids(stage.take(1)));
                distinct.add(arrived.get(arrived.size() - 1));
            }
            assertThat(second.process().stop())
                    .as("exit code of a JVM after SIGTERM")
                    .isEqualTo(143);
            int remaining = (int) stage.channel.messageCount(Stage.QUEUE);
            arrived.addAll(Stage.ids(stage.take(remaining)));

            assertThat(arrived.stream().distinct()).containsExactlyElementsOf(expected);
            assertThat((long) arrived.size() - LOAD).isLessThanOrEqualTo(unstored);
        }
    }

    @Test
    void twenty_restarts_by_sigterm_under_load_publish_nothing_twice() throws Exception {
        stage.startRelay().awaitState(RelayState.STREAMING);
        stage.stopRelays();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<List<String>> load = CompletableFuture.supplyAsync(() -> {
            List<String> ids = new ArrayList<>();
            while (!enough.get()) {
                ids.add(stage.insert("order-1", ids.size()));
                // Leaves some of the machine to the relays that start: each finds a few windows of rows waiting.
                LockSupport.parkNanos(PACE.toNanos());
            }
            return ids;
        });
        RelayProcess relay = RelayProcess.launch(stage, Map.of());
        for (int restart = 0; restart < 20; restart++) {
            long before = stage.channel.messageCount(Stage.QUEUE);
            // Its JVM starts while the other one ends.
            try (RelayProcess ending = relay) {
                Awaitility.await()
                        .atMost(Stage.PATIENCE)
                        .pollInterval(PACE)
                        .until(() -> stage.channel.messageCount(Stage.QUEUE) > before);
                relay = RelayProcess.launch(stage, Map.of());
                ending.process().stop();
            }
        }
        relay.close();
        enough.set(true);
        Stage.Running last = stage.startRelay();

        assertThat(Stage.ids(stage.take(load.join().size()))).isEqualTo(load.join());
        last.close();
        assertThat(stage.channel.messageCount(Stage.QUEUE)).isZero();
    }

    @Test
    void a_configuration_that_cannot_work_ends_the_process_with_2_and_every_problem() throws Exception {
        try (ChildProcess relay = ChildProcess.java(
                        "outbox-relay", "-jar", RelayProcess.JAR.toString(), "run", "--relay.name=no spaces")
                .env("SPRING_DATASOURCE_PASSWORD", "s3cret")
                .start()) {
            assertThat(relay.awaitExit(Stage.PATIENCE)).isEqualTo(2);
            assertThat(relay.output())
                    .contains("relay.name: must be", "spring.datasource.url: is missing")
                    .doesNotContain("s3cret", "\tat ");
        }
    }

    @Test
    void a_port_that_is_taken_ends_the_process_and_the_relay_that_has_begun_in_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RelayProcess relay = RelayProcess.launch(
                        stage, Map.of("MANAGEMENT_SERVER_PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(relay.process().awaitExit(Stage.PATIENCE)).isEqualTo(1);
            assertThat(relay.process().output()).contains("Port %d was already in use".formatted(taken.getLocalPort()));
        }
    }

    @Test
    void the_archive_that_the_build_makes_has_the_classes_that_only_a_connection_needs(@TempDir Path directory)
            throws Exception {
        Path loaded = directory.resolve("classes");
        try (ChildProcess command = ChildProcess.java(
                        "outbox-relay",
                        "-XX:SharedArchiveFile=" + RelayProcess.JAR.resolveSibling("outbox-relay.jsa"),
                        "-Xlog:class+load:file=" + loaded,
                        "-jar",
                        RelayProcess.JAR.toString(),
                        "offsets",
                        "history")
                .env(RelayProcess.environment(stage))
                .start()) {
            assertThat(command.awaitExit(Stage.PATIENCE)).as(command.output()).isZero();
        }
        assertThat(Files.readAllLines(loaded))
                .filteredOn(line -> line.contains(" com.mysql.cj.jdbc.ConnectionImpl source:"))
                .singleElement()
                .asString()
                .contains("shared objects file (top)");
    }

    @Test
    void secrets_come_from_files_logs_are_json_where_wanted_and_the_endpoints_are_on_loopback(@TempDir Path secrets)
            throws Exception {
        String password = stage.properties.remove("spring.datasource.password").toString();
        Files.writeString(secrets.resolve("spring.datasource.password"), password);
        Map<String, String> environment = Map.of(
                "SPRING_CONFIG_IMPORT", "configtree:" + secrets + "/", "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs");
        try (RelayProcess relay = RelayProcess.start(stage, environment)) {
            Awaitility.await()
                    .atMost(Stage.PATIENCE)
                    .until(() -> relay.process().output().contains("STREAMING"));
            String id = stage.insert("order-1", 1, "OrderPlaced", "\"nobody's business\"");

            assertThat(Stage.ids(stage.take(1))).containsExactly(id);
            assertThat(relay.process().output()).doesNotContain(password, "business");
            assertThat(relay.get("/actuator/prometheus").body())
                    .contains("outbox_relay_commit_to_confirm_seconds_bucket{");
            assertThat(relay.process().output().lines().filter(line -> line.contains("STREAMING")))
                    .allSatisfy(line -> assertThat(line).startsWith("{\"@timestamp\":"));
            assertThatThrownBy(() -> new Socket("127.0.0.2", relay.port())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void a_relay_that_waits_for_its_broker_is_alive_and_not_ready_and_says_why() throws Exception {
        stage.properties.put("spring.rabbitmq.addresses", "amqp://u:p@127.0.0.1:" + Ports.free());
        // So that it is not just trying again when it is looked at.
        stage.properties.put("relay.backoff.initial", "1h");
        stage.properties.put("relay.backoff.max", "1h");
        try (RelayProcess relay = RelayProcess.launch(stage, Map.of())) {
            Awaitility.await().atMost(Stage.PATIENCE).ignoreExceptions().until(() -> relay.get("/actuator/health")
                    .body()
                    .contains("BACKOFF"));

            assertThat(relay.get("/livez").statusCode()).isEqualTo(200);
            assertThat(relay.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(relay.get("/actuator/health").body()).contains("RabbitMQ at 127.0.0.1", "Connection refused");
            assertThat(relay.get("/actuator/prometheus").body())
                    .contains("outbox_relay_state{state=\"BACKOFF\"} 1.0", "outbox_relay_lag_seconds NaN")
                    .satisfies(scraped -> assertThat(names(scraped)).isEqualTo(documentedNames()));
            assertThat(relay.process().isRunning()).isTrue();
        }
    }

    private List<String> insert(int rows) {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            ids.add(stage.insert("order-1", n));
        }
        return ids;
    }

    private static Set<String> names(String scraped) {
        return Pattern.compile("# TYPE outbox_relay_(\\w+)")
                .matcher(scraped)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toSet());
    }

    /** Those that README.md promises. */
    private static Set<String> documentedNames() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String list = readme.substring(
                readme.indexOf("All begin with `outbox_relay_`:"), readme.indexOf("What is not known"));
        return Pattern.compile("`(\\w+)`")
                .matcher(list.substring(list.indexOf(':')))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
    }
}
