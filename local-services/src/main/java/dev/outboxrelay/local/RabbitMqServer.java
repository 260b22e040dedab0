package dev.outboxrelay.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A RabbitMQ node of our own on 127.0.0.1 with the management and consistent-hash plugins. Its only user has a random
 * password; there is no guest. Several nodes can run at once.
 */
public final class RabbitMqServer implements LocalServer {

    static final String HOST = "127.0.0.1";
    static final String USER = "outbox";
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Path directory;
    private final RabbitMqOptions options;
    private final ServerFile file;
    private final RabbitMqFiles files;
    private final ServerProcess process;
    private final Epmd epmd;

    RabbitMqServer(Path directory, RabbitMqOptions options) {
        this.directory = directory;
        this.options = options;
        this.file = ServerFile.in(directory);
        this.files = new RabbitMqFiles(directory, file, options);
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
        files.write();
        int epmdPort = epmd.acquire(nodeName());
        process.start(
                new Launch(
                        List.of(installation.server().toString()),
                        environment -> files.describe(environment, epmdPort),
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

    /**
     * Runs rabbitmqctl against this node, such as {@code control("join_cluster", other.nodeName())}.
     *
     * @return what it printed
     * @throws LocalServiceException if it fails; the message carries what it printed
     */
    public String control(String... arguments) {
        Path output = directory.resolve("rabbitmqctl-" + Secrets.random().substring(0, 8) + ".log");
        int epmdPort = epmd.acquire(nodeName());
        List<String> command =
                new ArrayList<>(List.of(RabbitMqInstallation.locate().control().toString(), "-n", nodeName()));
        command.addAll(List.of(arguments));
        try {
            int exitCode = new Launch(
                            command, environment -> files.describe(environment, epmdPort), directory, output, Life.OURS)
                    .run();
            String printed = Files.readString(output);
            Files.delete(output);
            if (exitCode != 0) {
                throw new LocalServiceException(
                        "rabbitmqctl %s failed: %s".formatted(String.join(" ", arguments), printed));
            }
            return printed;
        } catch (IOException e) {
            throw new LocalServiceException("Cannot run rabbitmqctl " + String.join(" ", arguments), e);
        }
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

    private Path output() {
        return directory.resolve("output.log");
    }
}
