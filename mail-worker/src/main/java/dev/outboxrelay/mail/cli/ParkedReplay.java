package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mail-worker parked replay}. */
@Command(
        name = "replay",
        description = {
            "Try them again as if they were new. What was sent meanwhile is not sent a second time.",
            "By --all or --reason it asks: mails that may have been sent can be among them."
        },
        mixinStandardHelpOptions = true)
final class ParkedReplay implements Callable<Integer> {
    private static final int PROGRESS = 100;

    @Mixin
    private Setup setup;

    @Mixin
    private Confirmation confirmation;

    @ArgGroup(multiplicity = "1")
    private Selection selection = new Selection();

    @Option(names = "--rate", paramLabel = "N", defaultValue = "50", description = "At most N per second (default 50).")
    private int rate;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (rate < 1) {
            throw new ParameterException(spec.commandLine(), "--rate must be at least 1");
        }
        try (Operator operator = setup.open()) {
            boolean dryRun = confirmation.isDryRun();
            long parked = operator.parked().count();
            if (!dryRun
                    && !selection.namesMessages()
                    && !confirmation.isGiven(
                            setup,
                            operator.settings().queues().parked(),
                            selection.named(parked) + " will be tried again, at most " + rate + " a second")) {
                return ExitCode.USAGE;
            }
            int replayed = dryRun
                    ? operator.parked()
                            .browse(selection.asPredicate(), Integer.MAX_VALUE)
                            .size()
                    : replay(operator, parked);
            if (replayed == 0 && selection.namesMessages()) {
                spec.commandLine().getErr().println("mail-worker: none of these messages is parked");
                return ExitCode.SOFTWARE;
            }
            if (setup.json()) {
                Output.json(spec.commandLine().getOut(), Map.of("replayed", replayed, "dryRun", dryRun));
            } else {
                spec.commandLine().getOut().println((dryRun ? "would replay " : "replayed ") + replayed);
            }
            return ExitCode.OK;
        }
    }

    private int replay(Operator operator, long among) throws Exception {
        Pace pace = new Pace(rate);
        return operator.parked().drain(selection.asPredicate(), among, message -> {
            pace.await();
            message.id().ifPresent(operator.ledger()::reopen);
            operator.parked().replay(message);
            pace.done(message);
        });
    }

    /** Not too many at once: what is replayed must not flatten the mail server. */
    private final class Pace {
        private final long distance;
        private long next = System.nanoTime();
        private int count;

        Pace(int perSecond) {
            distance = TimeUnit.SECONDS.toNanos(1) / perSecond;
        }

        void await() throws InterruptedException {
            long now = System.nanoTime();
            next = Math.max(next, now) + distance;
            TimeUnit.NANOSECONDS.sleep(next - distance - now);
        }

        void done(ParkedMessage message) {
            if (++count % PROGRESS == 0) {
                setup.say(count + " replayed, last " + message.id().orElse("-"));
            }
        }
    }
}
