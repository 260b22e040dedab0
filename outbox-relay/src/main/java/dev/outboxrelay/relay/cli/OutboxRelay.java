package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.RelayApplication;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outbox-relay}: without a command, the sidecar itself. */
@Command(
        name = "outbox-relay",
        description =
                "Publishes the rows of MySQL outbox tables to RabbitMQ, none lost, in commit order per aggregate.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = OutboxRelay.RunCommand.class)
public final class OutboxRelay implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    private OutboxRelay() {}

    public static void main(String[] args) {
        if (isRun(args)) {
            RelayApplication.run(args);
        } else {
            System.exit(new CommandLine(new OutboxRelay()).execute(args));
        }
    }

    /** Outside picocli: the application goes on in its own threads, and Spring Boot reports a failed start itself. */
    private static boolean isRun(String... args) {
        return Stream.of(args).allMatch(arg -> arg.startsWith("--") && arg.contains("="))
                || ("run".equals(args[0]) && isRun(Arrays.copyOfRange(args, 1, args.length)));
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Give a command, or nothing but --property=value to run the relay");
    }

    /** The sidecar; what it does is in {@link #main}. */
    @Command(
            name = "run",
            description = "Runs the relay until it is told to stop; the default where no command is given.",
            mixinStandardHelpOptions = true)
    static final class RunCommand implements Callable<Integer> {

        @Parameters(
                arity = "0..*",
                paramLabel = "--property=value",
                description = "Configuration, as Spring Boot takes it")
        private String[] properties = {};

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(spec.commandLine(), "Not a --property=value: " + String.join(" ", properties));
        }
    }
}
