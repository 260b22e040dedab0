package dev.outboxrelay.relay;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.RabbitMqServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Debezium Server 3.6.0 with its EventRouter, its RabbitMQ sink and its file of offsets. It needs a JDK of 21 or newer, and is
 * used where {@code bin/bench} has unpacked it: 780 MB are not downloaded for a test.
 */
final class StockServer implements AutoCloseable {

    private static final String VERSION = "3.6.0.Final";
    private static final int JDK = 21;
    private static final Pattern RELEASE = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    private final ChildProcess process;
    private final Path directory;

    private StockServer(ChildProcess process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static boolean canBeHad() {
        return Files.isDirectory(distribution()) && java().isPresent();
    }

    static StockServer start(Stage stage, RabbitMqServer rabbit, Path directory) throws IOException {
        Path home = Files.createDirectories(directory.resolve("debezium-server"));
        Files.createDirectories(home.resolve("data"));
        Path config = Files.createDirectories(home.resolve("config"));
        Files.write(
                config.resolve("application.properties"),
                properties(stage, rabbit).entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .toList());
        String classPath = Stream.of("debezium-server-dist-%s-runner.jar".formatted(VERSION), "config/lib", "lib/*")
                .map(part -> distribution() + "/" + part)
                .collect(Collectors.joining(":"));
        return new StockServer(
                ChildProcess.command(
                                "debezium-server",
                                java().orElseThrow().toString(),
                                "-cp",
                                classPath,
                                "io.debezium.server.Main")
                        .directory(home)
                        .start(),
                home);
    }

    private static Map<String, String> properties(Stage stage, RabbitMqServer rabbit) {
        MySqlSettings mysql = stage.settings().mysql();
        Map<String, String> properties = new TreeMap<>();
        properties.put("debezium.sink.type", "rabbitmq");
        properties.put("debezium.sink.rabbitmq.connection.host", rabbit.host());
        properties.put("debezium.sink.rabbitmq.connection.port", Integer.toString(rabbit.port()));
        properties.put("debezium.sink.rabbitmq.connection.username", rabbit.username());
        properties.put("debezium.sink.rabbitmq.connection.password", rabbit.password());
        properties.put("debezium.sink.rabbitmq.connection.virtual.host", stage.vhost);
        properties.put("debezium.sink.rabbitmq.exchange", "outbox.events");
        properties.put("debezium.sink.rabbitmq.routingKey", "Order.OrderPlaced");
        properties.put("debezium.sink.rabbitmq.routingKey.source", "static");
        properties.put("debezium.source.connector.class", "io.debezium.connector.mysql.MySqlConnector");
        properties.put("debezium.source.offset.storage.file.filename", "data/offsets.dat");
        properties.put("debezium.source.offset.flush.interval.ms", "0");
        properties.put("debezium.source.schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
        properties.put("debezium.source.schema.history.internal.file.filename", "data/history.dat");
        properties.put("debezium.source.database.hostname", mysql.host());
        properties.put("debezium.source.database.port", Integer.toString(mysql.port()));
        properties.put("debezium.source.database.user", mysql.username());
        properties.put("debezium.source.database.password", String.valueOf(mysql.password()));
        properties.put("debezium.source.database.server.id", "5403");
        properties.put("debezium.source.topic.prefix", "old");
        properties.put(
                "debezium.source.table.include.list",
                stage.settings().relay().tables().get(0));
        properties.put("debezium.source.snapshot.mode", "no_data");
        properties.put("debezium.source.snapshot.locking.mode", "none");
        properties.put("debezium.source.max.batch.size", "16");
        properties.put("debezium.transforms", "outbox");
        properties.put("debezium.transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        properties.put("debezium.format.value", "simplestring");
        properties.put("quarkus.http.port", "0");
        properties.put("quarkus.log.level", "WARN");
        return properties;
    }

    Path offsets() {
        return directory.resolve("data/offsets.dat");
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path distribution() {
        String named = System.getenv("XDG_CACHE_HOME");
        Path base = named != null && named.startsWith("/")
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("outbox-relay").resolve("debezium-server-" + VERSION);
    }

    private static Optional<Path> java() {
        Path usual = Path.of("/usr/lib/jvm");
        try (Stream<Path> installed = Files.isDirectory(usual) ? Files.list(usual) : Stream.empty()) {
            return Stream.concat(Stream.of(Path.of(System.getProperty("java.home"))), installed.sorted())
                    .filter(home -> release(home) >= JDK)
                    .map(home -> home.resolve("bin/java"))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int release(Path home) {
        Path file = home.resolve("release");
        try {
            Matcher version = RELEASE.matcher(Files.exists(file) ? Files.readString(file) : "");
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
