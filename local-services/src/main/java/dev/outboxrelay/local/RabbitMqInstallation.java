package dev.outboxrelay.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        return onTheMachine()
                .or(RabbitMqInstallation::install)
                .orElseThrow(() -> new LocalServiceException(
                        "RabbitMQ was installed, but there is no rabbitmq-server in any of " + USUAL_HOMES));
    }

    private static Optional<RabbitMqInstallation> onTheMachine() {
        return USUAL_HOMES.stream().flatMap(home -> in(Path.of(home))).findFirst();
    }

    private static Optional<RabbitMqInstallation> install() {
        Packages.install(
                List.of("rabbitmq-server"), "RabbitMQ is not installed, and RABBITMQ_HOME names no installation.");
        return onTheMachine();
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

    Path control() {
        return scripts.resolve("rabbitmqctl");
    }
}
