package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.claims.Ledger;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mail-worker status}. */
@Command(
        name = "status",
        description = "How many messages are in which state, and those that wait for a verdict.",
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    private static final int UNKNOWN_SHOWN = 100;

    @Mixin
    private Setup setup;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Operator operator = setup.open()) {
            Ledger ledger = operator.ledger();
            List<Ledger.Entry> undecided = ledger.undecided(UNKNOWN_SHOWN);
            if (setup.json()) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("workers", ledger.workers());
                all.put("states", ledger.states());
                all.put("unknownAttempts", ledger.unknowns());
                all.put("queues", operator.parked().depths());
                all.put("undecided", undecided.stream().map(Output::fields).toList());
                Output.json(spec.commandLine().getOut(), all);
                return ExitCode.OK;
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("workers   " + String.join(", ", ledger.workers()));
            ledger.states().forEach((state, count) -> out.printf("%-9s %d%n", state, count));
            out.println("attempts of unknown outcome: " + ledger.unknowns());
            operator.parked().depths().forEach((queue, depth) -> out.println(queue + "  " + depth));
            if (!undecided.isEmpty()) {
                out.println();
                out.println("May have been sent; decide with: mail-worker resolve ID --sent|--resend");
                Output.table(
                        out,
                        List.of("ID", "ORDER", "SINCE", "WHY"),
                        undecided.stream()
                                .map(entry -> List.of(
                                        entry.id(),
                                        entry.order(),
                                        entry.changedAt().toString(),
                                        String.valueOf(entry.detail())))
                                .toList());
            }
            return ExitCode.OK;
        }
    }
}
