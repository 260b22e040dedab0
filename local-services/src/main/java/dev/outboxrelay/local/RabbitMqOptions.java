package dev.outboxrelay.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start a RabbitMQ node; immutable, each method returns a changed copy.
 *
 * @param port of AMQP, 0 for any free one
 * @param managementPort 0 for any free one
 * @param cookie what nodes that are to form a cluster share; empty for a random one
 * @param config more lines for rabbitmq.conf
 */
public record RabbitMqOptions(int port, int managementPort, String cookie, Life life, List<String> config) {

    public RabbitMqOptions {
        config = List.copyOf(config);
    }

    public RabbitMqOptions port(int wanted) {
        return new RabbitMqOptions(wanted, managementPort, cookie, life, config);
    }

    public RabbitMqOptions managementPort(int wanted) {
        return new RabbitMqOptions(port, wanted, cookie, life, config);
    }

    public RabbitMqOptions cookie(String shared) {
        return new RabbitMqOptions(port, managementPort, shared, life, config);
    }

    public RabbitMqOptions config(String... lines) {
        return new RabbitMqOptions(
                port,
                managementPort,
                cookie,
                life,
                Stream.concat(config.stream(), Stream.of(lines)).toList());
    }

    RabbitMqOptions life(Life how) {
        return new RabbitMqOptions(port, managementPort, cookie, how, config);
    }

    /** See {@link RabbitMqServer#start(Path)}. */
    public RabbitMqServer start(Path directory) {
        RabbitMqServer server = new RabbitMqServer(directory.toAbsolutePath(), this);
        server.start();
        return server;
    }
}
