package dev.outboxrelay.mail;

import dev.outboxrelay.mail.run.RunCommand;
import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The command {@code mail-worker}. */
@Command(
        name = "mail-worker",
        description = "Sends one mail per order event: consumes from RabbitMQ, remembers in MySQL what was sent.",
        mixinStandardHelpOptions = true,
        versionProvider = MailWorker.Version.class,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = MailWorker.Run.class,
        footer = {
            "",
            "Without a command the worker runs. Settings come from application.yaml in the working directory, the environment",
            "(SPRING_RABBITMQ_ADDRESSES, …), files in /run/secrets, or arguments (--spring.rabbitmq.addresses=…).",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or settings."
        })
public final class MailWorker implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Unmatched
    private List<String> properties = new ArrayList<>();

    private MailWorker() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new MailWorker()).setExecutionExceptionHandler((failure, command, result) -> {
            if (isSettings(failure)) {
                return CommandLine.ExitCode.USAGE; // told already
            }
            command.getErr().println("mail-worker: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    private static boolean isSettings(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSettingsException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Integer call() throws InterruptedException {
        return run(spec, properties);
    }

    private static int run(CommandSpec spec, List<String> properties) throws InterruptedException {
        for (String argument : properties) {
            if (!argument.matches("(?s)--[A-Za-z][A-Za-z0-9._\\[\\]-]*=.*")) {
                throw new ParameterException(
                        spec.commandLine(), "Neither a command nor a setting of the form --name=value: " + argument);
            }
        }
        RunCommand.run(properties);
        return CommandLine.ExitCode.OK;
    }

    /** The worker itself. */
    @Command(name = "run", description = "Run the worker (the default).", mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Unmatched
        private List<String> properties = new ArrayList<>();

        @Override
        public Integer call() throws InterruptedException {
            return run(spec, properties);
        }

        private static int run(CommandSpec spec, List<String> properties) throws InterruptedException {
            return MailWorker.run(spec, properties);
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
