package dev.outboxrelay.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * RabbitMQ's scripts. Debian's wrappers in /usr/sbin become another user that cannot read our directories, so the scripts
 * behind them are used.
 *
 * @param scripts the directory with rabbitmq-server and rabbitmqctl
 */
record RabbitMqInstallation(Path scripts) {

    private static final List<String> USUAL_HOMES = List.of("/usr/lib/rabbitmq", "/opt/homebrew", "/usr/local");

    /** The installation named by RABBITMQ_HOME, else the one of the machine. */
    static RabbitMqInstallation locate() {
        String named = System.getenv("RABBITMQ_HOME");
        if (named != null && !named.isBlank()) {
            return in(Path.of(named).toAbsolutePath())
                    .findFirst()
                    .orElseThrow(() -> new LocalServiceException("RABBITMQ_HOME is " + named
                            + ", but there is no sbin/rabbitmq-server or bin/rabbitmq-server in it"));
        }
        return USUAL_HOMES.stream()
                .flatMap(home -> in(Path.of(home)))
                .findFirst()
                .orElseThrow(() -> new LocalServiceException(
                        "RabbitMQ is not installed. On Debian or Ubuntu: apt-get install rabbitmq-server."
                                + " Elsewhere install it and name it with RABBITMQ_HOME, or use `docker compose up`"));
    }

    private static Stream<RabbitMqInstallation> in(Path home) {
        return Stream.of("sbin", "bin")
                .map(home::resolve)
                .filter(directory -> Files.isExecutable(directory.resolve("rabbitmq-server")))
                .map(RabbitMqInstallation::new);
    }

    Path server() {
        return scripts.resolve("rabbitmq-server");
    }
}
