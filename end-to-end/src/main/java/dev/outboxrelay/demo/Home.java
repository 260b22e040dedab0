package dev.outboxrelay.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The checkout in which the applications were built.
 *
 * @param root the directory that holds {@code compose.yaml}
 */
public record Home(Path root) {

    /**
     * The checkout that the system property {@code demo.home} names, else the one around the working directory.
     *
     * @throws IllegalStateException if there is none
     */
    public static Home find() {
        Path start = Path.of(System.getProperty("demo.home", "")).toAbsolutePath();
        for (Path candidate = start; candidate != null; candidate = candidate.getParent()) {
            if (Files.isRegularFile(candidate.resolve("compose.yaml"))) {
                return new Home(candidate);
            }
        }
        throw new IllegalStateException("No checkout of this project around " + start);
    }

    /**
     * The jar that starts the application of that module.
     *
     * @throws IllegalStateException if it is not built
     */
    public Path app(String module) {
        Path jar = root.resolve(module).resolve("target/app").resolve(module + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not built; run bin/build");
        }
        return jar;
    }

    /** The file of JVM options with which the application of that module is started. */
    Path jvmOptions(String module) {
        return root.resolve(module).resolve("jvm.options");
    }

    /** RabbitMQ's users, their permissions and the relay's exchange, as compose.yaml uses them. */
    Path brokerDefinitions() {
        return root.resolve("deploy/rabbitmq/definitions.json");
    }
}
