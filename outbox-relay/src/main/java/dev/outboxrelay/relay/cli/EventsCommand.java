package dev.outboxrelay.relay.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code events}. */
@Command(
        name = "events",
        description = "What stands in the outbox, what is written to it, and publishing it once more.",
        mixinStandardHelpOptions = true,
        subcommands = {EventsShow.class, EventsTail.class, EventsRepublish.class})
final class EventsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Group.incomplete(spec);
    }
}
