package dev.outboxrelay.mail;

import dev.outboxrelay.mail.cli.ParkedCommand;
import dev.outboxrelay.mail.cli.ResolveCommand;
import dev.outboxrelay.mail.cli.StatusCommand;
import dev.outboxrelay.mail.run.RunCommand;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code mail-worker}. */
@Command(
        name = "mail-worker",
        description = "Sends one mail per order event: consumes from RabbitMQ, remembers in MySQL what was sent.",
        mixinStandardHelpOptions = true,
        versionProvider = MailWorker.Version.class,
        subcommands = {MailWorker.Run.class, StatusCommand.class, ParkedCommand.class, ResolveCommand.class},
        footer = {
            "",
            "Without a command the worker runs. Settings come from application.yaml in the working directory, the environment"
                    + " (SPRING_RABBITMQ_ADDRESSES, …), files in /run/secrets, or --name=value; commands take --set name=value.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or settings."
        })
public final class MailWorker implements Callable<Integer> {
    private static final String SETTING = "(?s)--[A-Za-z][A-Za-z0-9._\\[\\]-]*=.*";

    @Spec
    private CommandSpec spec;

    private MailWorker() {}

    public static void main(String[] args) {
        List<String> all = Arrays.asList(args);
        List<String> settings = !all.isEmpty() && all.get(0).equals("run") ? all.subList(1, all.size()) : all;
        // Outside of picocli, whose allowance for unmatched arguments would let mistyped options pass in every command.
        boolean run = settings.stream().allMatch(argument -> argument.matches(SETTING));
        System.exit(run ? run(settings) : commandLine().execute(args));
    }

    /** All commands but the worker itself. */
    public static CommandLine commandLine() {
        return new CommandLine(new MailWorker()).setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("mail-worker: " + failure.getMessage());
            return code(failure);
        });
    }

    /** Spring tells why it could not start. */
    private static int run(List<String> settings) {
        try {
            RunCommand.run(new ArrayList<>(settings));
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
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Give a command, or nothing but --name=value to run the worker.");
    }

    /** The worker itself, for the help; what it does is in {@link #main}. */
    @Command(name = "run", description = "Run the worker (the default).", mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        @Parameters(arity = "0..*", paramLabel = "--name=value", description = "Settings.")
        private List<String> settings = new ArrayList<>();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(
                    spec.commandLine(), "Not a setting of the form --name=value: " + String.join(" ", settings));
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
