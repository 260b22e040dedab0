package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.local.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Debezium Server with the EventRouter and its RabbitMQ sink, everything else at its defaults but for what is given. */
final class DebeziumServer implements Candidate {

    static final String NAME = "debezium-server";
    static final String TUNED = "debezium-server-5ms-poll";

    private static final String BEGIN = ".begin";

    private final String name;
    private final Path distribution;
    private final Jdk jdk;
    private final Path directory;

    /** @param more properties of Debezium's source, such as {@code poll.interval.ms} */
    DebeziumServer(String name, Path distribution, Jdk jdk, Bed bed, Map<String, String> more) {
        this.name = name;
        this.distribution = distribution;
        this.jdk = jdk;
        this.directory = bed.directory().resolve(name);
        Map<String, String> properties = properties(bed);
        more.forEach((key, value) -> properties.put("debezium.source." + key, value));
        try {
            Files.createDirectories(data());
            Path config = Files.createDirectories(directory.resolve("config"));
            Files.writeString(
                    config.resolve("application.properties"),
                    properties.entrySet().stream()
                            .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the configuration of " + name, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String table() {
        return "orders.outbox";
    }

    /** What it has stored is where every backlog will begin, for it and for that other one. It does not run. */
    void keepPosition(DebeziumServer other) {
        copyData(data(), beginData());
        copyData(data(), other.beginData());
        copyData(data(), other.data());
    }

    @Override
    public void rewind() {
        copyData(beginData(), data());
    }

    @Override
    public void resume() {
        // It keeps its position.
    }

    @Override
    public Launched launch() {
        return launch(Map.of());
    }

    /** Starts it so that it stores its position with every batch. */
    Launched launchToPrime() {
        return launch(Map.of("DEBEZIUM_SOURCE_OFFSET_FLUSH_INTERVAL_MS", "0"));
    }

    private Launched launch(Map<String, String> environment) {
        String classPath = Stream.of(
                        "debezium-server-dist-%s-runner.jar".formatted(DebeziumDistribution.VERSION),
                        "config/lib",
                        "lib/*")
                .map(part -> distribution + "/" + part)
                .collect(Collectors.joining(":"));
        return Launched.of(
                ChildProcess.command(name, jdk.java().toString(), "-cp", classPath, "io.debezium.server.Main")
                        .directory(directory)
                        .env(environment)
                        .start());
    }

    private Map<String, String> properties(Bed bed) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("debezium.sink.type", "rabbitmq");
        properties.put("debezium.sink.rabbitmq.connection.host", bed.rabbit().host());
        properties.put(
                "debezium.sink.rabbitmq.connection.port",
                Integer.toString(bed.rabbit().port()));
        properties.put(
                "debezium.sink.rabbitmq.connection.username", bed.rabbit().username());
        properties.put(
                "debezium.sink.rabbitmq.connection.password", bed.rabbit().password());
        properties.put("debezium.sink.rabbitmq.exchange", Broker.EXCHANGE);
        properties.put("debezium.sink.rabbitmq.routingKey", Broker.ROUTING_KEY);
        properties.put("debezium.sink.rabbitmq.routingKey.source", "static");
        properties.put("debezium.source.connector.class", "io.debezium.connector.mysql.MySqlConnector");
        properties.put("debezium.source.offset.storage.file.filename", "data/offsets.dat");
        properties.put("debezium.source.schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
        properties.put("debezium.source.schema.history.internal.file.filename", "data/history.dat");
        properties.put("debezium.source.database.hostname", bed.mysql().host());
        properties.put(
                "debezium.source.database.port", Integer.toString(bed.mysql().port()));
        properties.put("debezium.source.database.user", "root");
        properties.put("debezium.source.database.password", bed.mysql().rootPassword());
        properties.put("debezium.source.database.server.id", "5401");
        properties.put("debezium.source.topic.prefix", "bench");
        properties.put("debezium.source.table.include.list", table());
        properties.put("debezium.source.snapshot.mode", "no_data");
        properties.put("debezium.transforms", "outbox");
        properties.put("debezium.transforms.outbox.type", "io.debezium.transforms.outbox.EventRouter");
        properties.put("debezium.format.value", "simplestring");
        properties.put("quarkus.http.port", "0");
        properties.put("quarkus.log.level", "WARN");
        return properties;
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path beginData() {
        return directory.resolve("data" + BEGIN);
    }

    private static void copyData(Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (String file : List.of("offsets.dat", "history.dat")) {
                Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy Debezium's position", e);
        }
    }
}
