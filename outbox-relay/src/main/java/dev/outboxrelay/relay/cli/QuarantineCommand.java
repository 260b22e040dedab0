package dev.outboxrelay.relay.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code quarantine}. */
@Command(
        name = "quarantine",
        description = "Events that could not be published, and what follows them in their aggregates.",
        mixinStandardHelpOptions = true,
        subcommands = {QuarantineList.class, QuarantineShow.class, QuarantineRetry.class, QuarantineDrop.class})
final class QuarantineCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Group.incomplete(spec);
    }
}
