package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.claims.Ledger;
import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mail-worker resolve}. */
@Command(
        name = "resolve",
        description = {
            "Give the verdict on a mail that may have been sent.",
            "--sent is for ever, whether it was or not, and asks."
        },
        mixinStandardHelpOptions = true)
public final class ResolveCommand implements Callable<Integer> {
    @Mixin
    private Setup setup;

    @Mixin
    private Confirmation confirmation;

    @Parameters(paramLabel = "ID", description = "The message id, as status shows it.")
    private String id;

    @ArgGroup(multiplicity = "1")
    private Verdict verdict = new Verdict();

    @Spec
    private CommandSpec spec;

    /** One of two. */
    static final class Verdict {
        @Option(names = "--sent", description = "It was sent: never send it again.")
        private boolean sent;

        @Option(names = "--resend", description = "It was not: send it.")
        private boolean resend;

        boolean isResend() {
            return resend && !sent;
        }
    }

    @Override
    public Integer call() throws Exception {
        try (Operator operator = setup.open()) {
            Optional<String> state = operator.ledger().find(id).map(Ledger.Entry::state);
            if (!state.equals(Optional.of("UNKNOWN"))) {
                return undecidable(state);
            }
            Predicate<ParkedMessage> wanted =
                    message -> message.id().filter(id::equals).isPresent();
            if (confirmation.isDryRun()) {
                return dryRun(operator, wanted);
            }
            if (verdict.isResend()) {
                return resend(operator, wanted);
            }
            if (!confirmation.isGiven(
                    setup, operator.settings().queues().parked(), "message " + id + " will never be sent again")) {
                return ExitCode.USAGE;
            }
            // While the question stood, somebody else may have decided: then the parked copy is not ours to remove.
            if (!operator.ledger().resolveSent(id)) {
                return undecidable(operator.ledger().find(id).map(Ledger.Entry::state));
            }
            operator.parked().drain(wanted, message -> {});
            return done();
        }
    }

    private int resend(Operator operator, Predicate<ParkedMessage> wanted) throws Exception {
        int replayed = operator.parked().drain(wanted, message -> {
            operator.ledger().reopen(id);
            operator.parked().replay(message);
        });
        return replayed == 0 ? notParked() : done();
    }

    private int dryRun(Operator operator, Predicate<ParkedMessage> wanted) throws Exception {
        boolean parked = !operator.parked().browse(wanted, 1).isEmpty();
        return verdict.isResend() && !parked ? notParked() : done();
    }

    private int undecidable(Optional<String> state) {
        setup.say("mail-worker: message " + id + " does not wait for a verdict, its state is "
                + state.orElse("not known"));
        return ExitCode.SOFTWARE;
    }

    private int notParked() {
        setup.say("mail-worker: message " + id + " is not in the parked queue (yet)");
        return ExitCode.SOFTWARE;
    }

    private int done() {
        String what = verdict.isResend() ? "resend" : "sent";
        boolean dryRun = confirmation.isDryRun();
        if (setup.json()) {
            Output.json(spec.commandLine().getOut(), Map.of("id", id, "verdict", what, "dryRun", dryRun));
        } else {
            spec.commandLine().getOut().println(id + ": " + (dryRun ? "the verdict would be " : "") + what);
        }
        return ExitCode.OK;
    }
}
