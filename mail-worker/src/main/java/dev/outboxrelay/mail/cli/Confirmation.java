package dev.outboxrelay.mail.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How somebody says that a change is meant: by the name of the parked queue, as an option or as the answer to a question. */
final class Confirmation {
    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(
            names = "--confirm",
            paramLabel = "QUEUE",
            description = "The name of the parked queue, to show that it is meant; else it is asked for.")
    private @Nullable String confirm;

    boolean isDryRun() {
        return dryRun;
    }

    /**
     * True once it is confirmed; else nothing may be changed, and why has been said.
     *
     * @param consequence what will happen, as a clause
     */
    boolean isGiven(Setup setup, String queue, String consequence) {
        if (queue.equals(confirm)) {
            return true;
        }
        if (confirm != null) {
            setup.say("mail-worker: nothing was changed: --confirm names %s, but the parked queue is %s"
                    .formatted(confirm, queue));
            return false;
        }
        Console console = setup.console();
        if (console == null) {
            setup.say("mail-worker: nothing was changed: %s. If that is meant: --confirm=%s"
                    .formatted(consequence, queue));
            return false;
        }
        setup.say(consequence + ". To do it, type the queue's name (" + queue + "):");
        if (!queue.equals(console.readLine())) {
            setup.say("mail-worker: nothing was changed");
            return false;
        }
        return true;
    }
}
