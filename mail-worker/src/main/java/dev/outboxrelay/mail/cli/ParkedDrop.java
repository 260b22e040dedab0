package dev.outboxrelay.mail.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mail-worker parked drop}. */
@Command(
        name = "drop",
        description = "Throw them away: their mails will never be sent.",
        mixinStandardHelpOptions = true)
final class ParkedDrop implements Callable<Integer> {
    @Mixin
    private Setup setup;

    @Mixin
    private Confirmation confirmation;

    @ArgGroup(multiplicity = "1")
    private Selection selection = new Selection();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Operator operator = setup.open()) {
            boolean dryRun = confirmation.isDryRun();
            long parked = operator.parked().count();
            if (!dryRun
                    && !confirmation.isGiven(
                            setup,
                            operator.settings().queues().parked(),
                            selection.named(parked) + " will be dropped, their mails never sent")) {
                return ExitCode.USAGE;
            }
            int dropped = dryRun
                    ? operator.parked()
                            .browse(selection.asPredicate(), Integer.MAX_VALUE)
                            .size()
                    : operator.parked().drain(selection.asPredicate(), parked, message -> message.id()
                            .ifPresent(operator.ledger()::drop));
            if (dropped == 0 && selection.namesMessages()) {
                spec.commandLine().getErr().println("mail-worker: none of these messages is parked");
                return ExitCode.SOFTWARE;
            }
            if (setup.json()) {
                Output.json(spec.commandLine().getOut(), Map.of("dropped", dropped, "dryRun", dryRun));
            } else {
                spec.commandLine().getOut().println((dryRun ? "would drop " : "dropped ") + dropped);
            }
            return ExitCode.OK;
        }
    }
}
