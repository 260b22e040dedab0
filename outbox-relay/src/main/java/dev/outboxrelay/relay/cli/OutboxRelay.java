package dev.outboxrelay.relay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxrelay.relay.RelayApplication;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code outbox-relay}: without a command, the sidecar itself. */
@Command(
        name = "outbox-relay",
        description =
                "Publishes the rows of MySQL outbox tables to RabbitMQ, none lost, in commit order per aggregate.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            OffsetsCommand.class,
            LagCommand.class,
            EventsCommand.class,
            QuarantineCommand.class,
            AuditCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "Without a command the relay runs. Every command takes the relay's configuration from application.yaml in the working"
                    + " directory, the environment (SPRING_DATASOURCE_URL, …), files in /run/secrets, and --property=value.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, or not confirmed, 3 behind, 4 unhealthy, 5 gaps found."
        })
public final class OutboxRelay implements Callable<Integer> {

    private final Map<String, Object> properties;

    @Spec
    private CommandSpec spec;

    private OutboxRelay(Map<String, Object> properties) {
        this.properties = properties;
    }

    public static void main(String[] args) {
        if (RunCommand.isRun(args) && !Arguments.holdSecret(args)) {
            RelayApplication.run(RunCommand.properties(args));
        } else {
            // Results only: what a library has to say comes as the message of an exception.
            new LogbackLoggingSystem(OutboxRelay.class.getClassLoader()).beforeInitialize();
            System.exit(
                    execute(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args));
        }
    }

    /** Runs a command; returns its exit code, see {@link ExitCode}. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        try {
            Arguments arguments = Arguments.of(args);
            return commandLine(arguments.properties())
                    .setOut(out)
                    .setErr(err)
                    .execute(arguments.options().toArray(String[]::new));
        } catch (CommandException e) {
            err.println("outbox-relay: " + e.getMessage());
            return e.exitCode().code();
        }
    }

    private static CommandLine commandLine(Map<String, Object> properties) {
        return new CommandLine(new OutboxRelay(properties))
                .setParameterExceptionHandler((mistake, args) -> misused(mistake))
                .setExecutionExceptionHandler((thrown, command, result) -> {
                    Failures.Failure failure = Failures.of(thrown);
                    say(command, failure.sentence());
                    return failure.code().code();
                });
    }

    /** What is wrong comes first, and how it is written right: the whole help would push that off the screen. */
    private static int misused(ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        say(command, sentence(mistake));
        UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        command.getErr().print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
        command.getErr().printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
        return ExitCode.USAGE.code();
    }

    /** Of what is not known, only the first, and no value: under a mistyped name that may be a password. */
    private static String sentence(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            return "Unknown %s: '%s'"
                    .formatted(
                            unmatched.isUnknownOption() ? "option" : "argument",
                            Arguments.withoutValue(unmatched.getUnmatched().get(0)));
        }
        return String.valueOf(mistake.getMessage()).replaceFirst("^Error: ", "");
    }

    private static void say(CommandLine command, String sentence) {
        command.getErr().println(command.getColorScheme().errorText("outbox-relay: " + sentence));
    }

    Map<String, Object> properties() {
        return properties;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Give a command, or nothing but --property=value to run the relay");
    }
}
