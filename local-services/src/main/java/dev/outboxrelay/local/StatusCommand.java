package dev.outboxrelay.local;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code status}: one line per server; exit code 0 if all run, else 1. */
@Command(
        name = "status",
        description = "Show which servers run and where. Exit code 0 if all run, else 1.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Services services;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Daemons daemons = Daemons.in(services.state());
        daemons.byName()
                .forEach((name, server) -> out.println(
                        server.isRunning()
                                ? "%-9s running  pid %-8d %s".formatted(name, server.pid(), address(daemons, name))
                                : "%-9s stopped".formatted(name)));
        return daemons.allRun() ? 0 : 1;
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
