package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.cli.MovePlan.Direction;
import dev.outboxrelay.relay.offsets.Cause;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code offsets skip}. */
@Command(
        name = "skip",
        description = {
            "Goes forward: what is before that place is never published.",
            "Names each of those events; wants --confirm with the relay's name, or asks for it."
        },
        mixinStandardHelpOptions = true)
final class OffsetsSkip implements Callable<Integer> {

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
            if (plan.direction() == Direction.BACK) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "%s is not ahead of the stored position; to go back is done by: outbox-relay offsets rewind"
                                .formatted(to.position()));
            }
            return mover.move(setup, operator, Cause.SKIP, plan).code();
        }
    }
}
