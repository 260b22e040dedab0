package dev.outboxrelay.local;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code status}: one line, or one object, per server; exit code 0 if all run, else 1. */
@Command(
        name = "status",
        description = "Show which servers run and where. Exit code 0 if all run, else 1.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Services services;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default) or json.")
    private Format format;

    /** How it is written. */
    enum Format {
        text,
        json
    }

    @Override
    public Integer call() {
        Daemons daemons = Daemons.in(services.state());
        Stream<String> servers = daemons.byName().entrySet().stream()
                .map(server -> format == Format.json
                        ? json(daemons, server.getKey(), server.getValue())
                        : text(daemons, server.getKey(), server.getValue()));
        spec.commandLine()
                .getOut()
                .println(
                        format == Format.json
                                ? servers.collect(Collectors.joining(",", "[", "]"))
                                : servers.collect(Collectors.joining(System.lineSeparator())));
        return daemons.allRun() ? 0 : 1;
    }

    private static String text(Daemons daemons, String name, LocalServer server) {
        return server.isRunning()
                ? "%-9s running  pid %-8d %s".formatted(name, server.pid(), address(daemons, name))
                : "%-9s stopped".formatted(name);
    }

    private static String json(Daemons daemons, String name, LocalServer server) {
        return server.isRunning()
                ? "{\"name\":%s,\"running\":true,\"pid\":%d,\"address\":%s}"
                        .formatted(Json.string(name), server.pid(), Json.string(address(daemons, name)))
                : "{\"name\":%s,\"running\":false}".formatted(Json.string(name));
    }

    private static String address(Daemons daemons, String name) {
        return Map.of(
                        "mysql", daemons.mysql().host() + ":" + daemons.mysql().port(),
                        "rabbitmq",
                                daemons.rabbitmq().host() + ":"
                                        + daemons.rabbitmq().port(),
                        "smtp", daemons.smtp().host() + ":" + daemons.smtp().port())
                .getOrDefault(name, "");
    }
}
