package dev.outboxrelay.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A RabbitMQ node of our own on 127.0.0.1 with the management and consistent-hash plugins. Its only user has a random
 * password; there is no guest. Several nodes can run at once.
 */
public final class RabbitMqServer implements LocalServer {

    private static final String HOST = "127.0.0.1";
    private static final String USER = "outbox";
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final RabbitMqOptions options;
    private final ServerFile file;
    private final ServerProcess process;
    private final Epmd epmd;

    RabbitMqServer(Path directory, RabbitMqOptions options) {
        this.directory = directory;
        this.options = options;
        this.file = ServerFile.in(directory);
        this.process = new ServerProcess("RabbitMQ", file, output(), START_WITHIN, STOP_WITHIN);
        this.epmd =
                options.life() == Life.OURS ? Epmd.ofThisJvm() : new Epmd(directory.resolve("epmd"), options.life());
    }

    /**
     * Starts a node on the data in that directory; an absent or empty directory gets fresh data. A node that runs there
     * already is taken over as it is.
     */
    public static RabbitMqServer start(Path directory) {
        return builder().start(directory);
    }

    public static RabbitMqOptions builder() {
        return new RabbitMqOptions(0, 0, "", Life.OURS, List.of());
    }

    @Override
    public void start() {
        if (isRunning()) {
            thaw();
            return;
        }
        RabbitMqInstallation installation = RabbitMqInstallation.locate();
        prepare();
        int epmdPort = epmd.acquire(nodeName());
        process.start(
                new Launch(
                        List.of(installation.server().toString()),
                        environment -> set(environment, epmdPort),
                        directory,
                        output(),
                        options.life()),
                () -> Amqp.answers(port()) && management().answers());
    }

    @Override
    public void stop() {
        process.stop();
        releaseEpmd();
    }

    @Override
    public void kill() {
        process.kill();
        releaseEpmd();
    }

    @Override
    public void freeze() {
        process.freeze();
    }

    @Override
    public void thaw() {
        process.thaw();
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        kill();
        Trees.delete(directory);
    }

    public String host() {
        return HOST;
    }

    /** The port of AMQP. */
    public int port() {
        return file.port("port");
    }

    public int managementPort() {
        return file.port("management-port");
    }

    public String username() {
        return USER;
    }

    public String password() {
        return file.require("password");
    }

    /** The node's Erlang name, under which a cluster knows it. */
    public String nodeName() {
        return file.require("node");
    }

    /** The address of the virtual host {@code /}, with user and password. */
    public URI uri() {
        return uri("/");
    }

    /** The address of a virtual host, with user and password. */
    public URI uri(String vhost) {
        return URI.create("amqp://%s:%s@%s:%d/%s"
                .formatted(USER, password(), HOST, port(), URLEncoder.encode(vhost, StandardCharsets.UTF_8)));
    }

    /** The address of the management page and API, with user and password. */
    public URI managementUri() {
        return URI.create("http://%s:%s@%s:%d".formatted(USER, password(), HOST, managementPort()));
    }

    /** Makes a virtual host in which our user may do everything; one that is there is left as it is. */
    public void createVhost(String name) {
        String vhost = URLEncoder.encode(name, StandardCharsets.UTF_8);
        management().put("/api/vhosts/" + vhost, "{}");
        management()
                .put(
                        "/api/permissions/" + vhost + "/" + USER,
                        "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
    }

    /** Deletes a virtual host with all its queues; its connections end. */
    public void deleteVhost(String name) {
        management().delete("/api/vhosts/" + URLEncoder.encode(name, StandardCharsets.UTF_8));
    }

    /** What the node wrote about itself. */
    public Path log() {
        return directory.resolve("log/rabbit.log");
    }

    private void releaseEpmd() {
        if (file.get("node").isPresent()) {
            epmd.release(nodeName());
        }
    }

    private ManagementApi management() {
        return new ManagementApi(managementPort(), USER, password());
    }

    private void prepare() {
        try {
            Files.createDirectories(directory.resolve("log"));
            file.setPort("port", options.port())
                    .setPort("management-port", options.managementPort())
                    .setPort("distribution-port", 0)
                    .setIfAbsent("node", () -> "outbox-" + Secrets.random().substring(0, 8) + "@localhost")
                    .setIfAbsent("password", Secrets::random)
                    .save();
            Ports.requireFree(port(), "RabbitMQ");
            Ports.requireFree(managementPort(), "RabbitMQ's management");
            PrivateFile.write(directory.resolve("rabbitmq.conf"), String.join("\n", configuration()) + "\n");
            Files.writeString(
                    directory.resolve("enabled_plugins"), "[rabbitmq_management,rabbitmq_consistent_hash_exchange].\n");
            Path cookie = directory.resolve(".erlang.cookie");
            if (Files.notExists(cookie)) {
                PrivateFile.write(cookie, options.cookie().isEmpty() ? Secrets.random() : options.cookie());
            }
        } catch (IOException e) {
            throw new LocalServiceException(
                    "Cannot make RabbitMQ's data in %s: %s".formatted(directory, Disk.explain(e, directory)), e);
        }
    }

    private List<String> configuration() {
        return Stream.concat(
                        Stream.of(
                                "listeners.tcp.1 = " + HOST + ":" + port(),
                                "management.tcp.ip = " + HOST,
                                "management.tcp.port = " + managementPort(),
                                "default_user = " + USER,
                                "default_pass = " + password(),
                                "log.file = rabbit.log",
                                "log.file.level = info",
                                "log.console = false"),
                        options.config().stream())
                .toList();
    }

    /** Only what we say: what the machine's administrator set for another RabbitMQ must not reach ours. */
    private void set(Map<String, String> environment, int epmdPort) {
        environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        environment.put("HOME", directory.toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString());
        environment.put(
                "RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE",
                directory.resolve("none.config").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                directory.resolve("enabled_plugins").toString());
        environment.put(
                "RABBITMQ_GENERATED_CONFIG_DIR", directory.resolve("generated").toString());
        environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
        environment.put("RABBITMQ_NODENAME", nodeName());
        environment.put("RABBITMQ_DIST_PORT", file.require("distribution-port"));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_EPMD_ADDRESS", HOST);
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        // Makes the script become the Erlang VM instead of waiting for it, so that its process id is the node's.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
    }

    private Path output() {
        return directory.resolve("output.log");
    }
}
