package dev.outboxrelay.relay.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code offsets}. */
@Command(
        name = "offsets",
        description = "How far the relay has come, and moving that by hand.",
        mixinStandardHelpOptions = true,
        subcommands = {
            OffsetsShow.class,
            OffsetsHistory.class,
            OffsetsRewind.class,
            OffsetsSkip.class,
            OffsetsExport.class,
            OffsetsImport.class,
            OffsetsUndo.class
        })
final class OffsetsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Group.incomplete(spec);
    }
}
