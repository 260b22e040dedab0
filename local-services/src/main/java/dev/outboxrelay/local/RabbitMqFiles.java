package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The files of a RabbitMQ node in its directory, and the environment that makes RabbitMQ's scripts use them and no others. */
record RabbitMqFiles(Path directory, ServerFile file, RabbitMqOptions options) {

    private static final String HOST = RabbitMqServer.HOST;
    private static final String ON_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}";

    /**
     * Writes what the node reads when it starts. Names, ports and passwords stay as they were at the first start.
     *
     * @throws LocalServiceException if that cannot be done, or if a port is taken
     */
    void write() {
        try {
            Files.createDirectories(directory.resolve("log"));
            file.setPort("port", options.port())
                    .setPort("management-port", options.managementPort())
                    .setPort("distribution-port", 0)
                    .setIfAbsent("node", () -> "outbox-" + Secrets.random().substring(0, 8) + "@localhost")
                    .setIfAbsent("password", Secrets::random)
                    .save();
            Ports.requireFree(file.port("port"), "RabbitMQ");
            Ports.requireFree(file.port("management-port"), "RabbitMQ's management");
            PrivateFile.write(directory.resolve("rabbitmq.conf"), configuration());
            Files.writeString(
                    directory.resolve("enabled_plugins"), "[rabbitmq_management,rabbitmq_consistent_hash_exchange].\n");
            Path cookie = directory.resolve(".erlang.cookie");
            if (Files.notExists(cookie)) {
                PrivateFile.write(cookie, options.cookie().isEmpty() ? Secrets.random() : options.cookie());
            }
        } catch (IOException e) {
            throw new LocalServiceException(
                    "Cannot make RabbitMQ's data in %s: %s".formatted(directory, Disk.explain(e)), e);
        }
    }

    private String configuration() {
        Stream<String> ours = Stream.of(
                "listeners.tcp.1 = " + HOST + ":" + file.port("port"),
                "management.tcp.ip = " + HOST,
                "management.tcp.port = " + file.port("management-port"),
                "default_user = " + RabbitMqServer.USER,
                "default_pass = " + file.require("password"),
                "log.file = rabbit.log",
                "log.file.level = info",
                "log.console = false");
        return String.join("\n", Stream.concat(ours, options.config().stream()).toList()) + "\n";
    }

    /** Only what we say: what the machine's administrator set for another RabbitMQ must not reach ours. */
    void describe(Map<String, String> environment, int epmdPort) {
        environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        environment.put("HOME", directory.toString());
        put(environment, "RABBITMQ_CONF_ENV_FILE", "none");
        put(environment, "RABBITMQ_CONFIG_FILE", "rabbitmq.conf");
        put(environment, "RABBITMQ_ADVANCED_CONFIG_FILE", "none.config");
        put(environment, "RABBITMQ_ENABLED_PLUGINS_FILE", "enabled_plugins");
        put(environment, "RABBITMQ_GENERATED_CONFIG_DIR", "generated");
        put(environment, "RABBITMQ_MNESIA_BASE", "data");
        put(environment, "RABBITMQ_LOG_BASE", "log");
        environment.put("RABBITMQ_NODENAME", file.require("node"));
        environment.put("RABBITMQ_DIST_PORT", file.require("distribution-port"));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", ON_LOOPBACK);
        environment.put("RABBITMQ_CTL_ERL_ARGS", ON_LOOPBACK);
        environment.put("ERL_EPMD_ADDRESS", HOST);
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        // Makes the script become the Erlang VM instead of waiting for it, so that its process id is the node's.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
    }

    private void put(Map<String, String> environment, String variable, String name) {
        environment.put(variable, directory.resolve(name).toString());
    }
}
