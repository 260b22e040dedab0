package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.cli.MovePlan.Direction;
import dev.outboxrelay.relay.offsets.Cause;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code offsets rewind}. */
@Command(
        name = "rewind",
        description = {
            "Goes back: what is behind that place is published again.",
            "Lists those events and asks; while a relay runs, or without one."
        },
        mixinStandardHelpOptions = true)
final class OffsetsRewind implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Mixin
    private Mover mover;

    @ArgGroup(multiplicity = "1")
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            StoredOn to = operator.target(target);
            MovePlan plan = MovePlan.make(operator, to, mover.limit(setup));
            if (plan.direction() == Direction.FORWARD) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "%s is ahead of the stored position: to go there loses %s, and is done by: outbox-relay offsets skip"
                                .formatted(
                                        to.position(), Words.count(plan.events().count(), "event")));
            }
            return mover.move(setup, operator, Cause.REWIND, plan).code();
        }
    }
}
