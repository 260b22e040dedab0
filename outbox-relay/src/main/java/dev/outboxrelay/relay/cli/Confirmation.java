package dev.outboxrelay.relay.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How somebody says that a change is meant: by the relay's name, as an option or as the answer to a question. */
final class Confirmation {

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(
            names = "--confirm",
            paramLabel = "RELAY",
            description = "The relay's name, to show that it is meant; else it is asked for.")
    private @Nullable String confirm;

    boolean isDryRun() {
        return dryRun;
    }

    /**
     * Returns once it is confirmed.
     *
     * @param consequence what will happen, as a clause
     * @throws CommandException where it is not: nothing may be changed
     */
    void require(Setup setup, String relay, String consequence) {
        if (relay.equals(confirm)) {
            return;
        }
        if (confirm != null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "nothing was changed: --confirm names %s, but this is relay %s".formatted(confirm, relay));
        }
        Console console = setup.isJson() ? null : setup.console();
        if (console == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "nothing was changed: %s. If that is meant: --confirm=%s".formatted(consequence, relay));
        }
        setup.say(consequence + ". To do it, type the relay's name (" + relay + "):");
        if (!relay.equals(console.readLine())) {
            throw new CommandException(ExitCode.USAGE, "nothing was changed");
        }
    }
}
