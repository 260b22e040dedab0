package dev.outboxrelay.local;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code up}: all servers run afterwards; those that ran are left as they are. */
@Command(
        name = "up",
        description = "Start the servers; those that run already are left as they are.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Services services;

    @Mixin
    private WantedPorts ports;

    @Override
    public Integer call() {
        PrintWriter words = spec.commandLine().getErr();
        Daemons daemons = Daemons.in(services.state(), ports);
        daemons.alone(() -> {
            // Seen again now that no other command is at work.
            Daemons current = Daemons.in(services.state(), ports);
            if (current.allRun()) {
                words.println("The servers run already.");
            } else {
                current.start();
            }
            current.byName().forEach((name, server) -> words.println(name + " runs as process " + server.pid()));
        });
        words.println("For a shell: eval \"$(bin/services env)\"");
        return 0;
    }
}
