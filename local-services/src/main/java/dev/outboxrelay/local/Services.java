package dev.outboxrelay.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code bin/services}: real MySQL, RabbitMQ and an SMTP sink for a developer's machine. */
@Command(
        name = "services",
        description = "Real MySQL, RabbitMQ and an SMTP sink on 127.0.0.1, without containers.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {InstallCommand.class, UpCommand.class, DownCommand.class, StatusCommand.class, EnvCommand.class})
public final class Services {

    @Option(
            names = "--state",
            paramLabel = "DIRECTORY",
            scope = ScopeType.INHERIT,
            description = "Where the servers keep what they have. Default: $$OUTBOX_SERVICES_STATE,"
                    + " else $${XDG_STATE_HOME:-~/.local/state}/outbox-relay.")
    private @Nullable Path state;

    private Services() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** What cannot be done is one sentence on standard error and exit code 1; a wrong option is exit code 2. */
    static CommandLine commandLine() {
        return new CommandLine(new Services()).setExecutionExceptionHandler((e, command, parsed) -> {
            if (!(e instanceof LocalServiceException)) {
                throw e;
            }
            command.getErr().println("services: " + e.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    Path state() {
        Path named = state;
        return named == null ? UserDirectories.state() : named.toAbsolutePath().normalize();
    }
}
