package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.RelayApplication;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code outbox-relay}: without a command, the sidecar itself. */
@Command(
        name = "outbox-relay",
        description =
                "Publishes the rows of MySQL outbox tables to RabbitMQ, none lost, in commit order per aggregate.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = OutboxRelay.RunCommand.class)
public final class OutboxRelay implements Callable<Integer> {

    private OutboxRelay() {}

    public static void main(String[] args) {
        boolean command = args.length > 0 && !args[0].startsWith("--spring.") && !args[0].startsWith("--relay.");
        if (command || args.length == 0) {
            int exitCode = new CommandLine(new OutboxRelay()).execute(args);
            if (exitCode != RunCommand.RUNNING) {
                System.exit(exitCode);
            }
        } else {
            RelayApplication.run(args);
        }
    }

    @Override
    public Integer call() {
        RelayApplication.run();
        return RunCommand.RUNNING;
    }

    /** The sidecar. */
    @Command(
            name = "run",
            description = "Runs the relay until it is told to stop (the default).",
            mixinStandardHelpOptions = true)
    static final class RunCommand implements Callable<Integer> {

        /** Not an exit code of a process: the application goes on running in its own threads. */
        static final int RUNNING = -1;

        @Parameters(
                arity = "0..*",
                paramLabel = "--property=value",
                description = "Configuration, as Spring Boot takes it")
        private String[] properties = {};

        @Override
        public Integer call() {
            RelayApplication.run(properties);
            return RUNNING;
        }
    }
}
