package dev.outboxrelay.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxrelay.mail.cli.Arguments;
import dev.outboxrelay.mail.cli.Configured;
import dev.outboxrelay.mail.cli.ParkedCommand;
import dev.outboxrelay.mail.cli.ResolveCommand;
import dev.outboxrelay.mail.cli.StatusCommand;
import dev.outboxrelay.mail.run.RunCommand;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code mail-worker}. */
@Command(
        name = "mail-worker",
        description = "Sends one mail per order event: consumes from RabbitMQ, remembers in MySQL what was sent.",
        mixinStandardHelpOptions = true,
        versionProvider = MailWorker.Version.class,
        subcommands = {MailWorker.Run.class, StatusCommand.class, ParkedCommand.class, ResolveCommand.class},
        footer = {
            "",
            "Without a command the worker runs. Every command takes the worker's settings from application.yaml in the working"
                    + " directory, the environment (SPRING_RABBITMQ_ADDRESSES, …), files in /run/secrets, and --name=value.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or settings, or not confirmed."
        })
public final class MailWorker implements Callable<Integer>, Configured {
    private final Map<String, String> settings;

    @Spec
    private CommandSpec spec;

    private MailWorker(Map<String, String> settings) {
        this.settings = settings;
    }

    public static void main(String[] args) {
        System.exit(execute(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), args));
    }

    /** Runs a command, or the worker until it is told to end; returns the exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        try {
            Arguments arguments = Arguments.of(args);
            return arguments.isRun()
                    ? run(arguments.settings())
                    : commandLine(arguments.settings())
                            .setOut(out)
                            .setErr(err)
                            .execute(arguments.options().toArray(String[]::new));
        } catch (InvalidSettingsException e) {
            err.println("mail-worker: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** All commands but the worker itself. */
    static CommandLine commandLine(Map<String, String> settings) {
        return new CommandLine(new MailWorker(settings))
                .setParameterExceptionHandler((mistake, args) -> misused(mistake))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println("mail-worker: " + failure.getMessage());
                    return code(failure);
                });
    }

    /** What is wrong, and how it is written right. */
    private static int misused(ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        command.getErr().println("mail-worker: " + sentence(mistake));
        command.getErr().print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
        command.getErr().printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
        return CommandLine.ExitCode.USAGE;
    }

    /** Of what is not known, only the first, and no value: under a mistyped name that may be a password. */
    private static String sentence(ParameterException mistake) {
        return mistake instanceof UnmatchedArgumentException unmatched
                ? "Unknown option or argument: '" + withoutValue(unmatched.getUnmatched()) + "'"
                : String.valueOf(mistake.getMessage());
    }

    private static String withoutValue(List<String> arguments) {
        return arguments.get(0).split("=", 2)[0];
    }

    /** Spring tells why it could not start. */
    private static int run(Map<String, String> settings) {
        try {
            RunCommand.run(settings);
            return CommandLine.ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.SOFTWARE;
        } catch (RuntimeException e) {
            return code(e);
        }
    }

    private static int code(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSettingsException) {
                return CommandLine.ExitCode.USAGE;
            }
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Give a command, or nothing but --name=value to run the worker.");
    }

    /** The worker itself, for the help; what it does is in {@link #execute}. */
    @Command(name = "run", description = "Run the worker (the default).", mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        @Parameters(arity = "0..*", paramLabel = "--name=value", description = "Settings.")
        private List<String> settings = new ArrayList<>();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(
                    spec.commandLine(), "Not a setting of the form --name=value: " + withoutValue(settings));
        }
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = MailWorker.class.getPackage().getImplementationVersion();
            return new String[] {"mail-worker " + (version == null ? "(development)" : version)};
        }
    }
}
