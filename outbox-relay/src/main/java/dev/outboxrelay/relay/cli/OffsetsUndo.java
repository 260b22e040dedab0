package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.OffsetHistory;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code offsets undo}. */
@Command(
        name = "undo",
        description = {
            "Goes back to where the relay stood before the last move by hand (rewind, skip, import, undo).",
            "Lists what that publishes again, or what it leaves out, and asks."
        },
        mixinStandardHelpOptions = true)
final class OffsetsUndo implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Mixin
    private Mover mover;

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            OffsetHistory.Entry before = operator.history()
                    .beforeLastMove()
                    .orElseThrow(() -> new CommandException(
                            ExitCode.FAILED, "there is no move by hand to undo, or no position before it"));
            MovePlan plan =
                    MovePlan.make(operator, new StoredOn(before.position(), before.serverUuid()), mover.limit(setup));
            return mover.move(setup, operator, Cause.UNDO, plan).code();
        }
    }
}
