package dev.outboxrelay.chaos;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Pipeline;
import dev.outboxrelay.demo.Progress;
import dev.outboxrelay.demo.Scope;
import dev.outboxrelay.demo.Services;
import dev.outboxrelay.local.AtEnd;
import dev.outboxrelay.local.Scratch;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The campaign's command line. The result goes to standard output, words to standard error. */
@Command(
        name = "bin/chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the whole pipeline on this machine, with two relays and three mail workers, and lets customers place, pay, ship"
                    + " and cancel orders, while one random fault after the other hits it: processes and servers are killed,"
                    + " stopped and frozen, connections cut and stalled, a queue is purged, the mail server takes mails without"
                    + " saying so. Then all is healed, and every order is accounted for.",
            "",
            "The last line of the result as text is placed=N events=E mailed=M lost=L misordered=O duplicated=D unknown=U faults=F."
                    + " A duplicate is within the promise if the mail worker has recorded that it could not know better.",
            "",
            "The seed decides which faults come, when and for how long; what they meet is different each time."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the promise was kept for every order",
            "1:it was broken; the result names each event, and the logs are kept",
            "2:usage",
            "3:the campaign could not be carried out: something did not start or answer; the logs are kept",
            "130:ended by Ctrl-C, with everything that it had started"
        })
public final class Chaos implements Callable<Integer> {

    /** Held here, since the log manager forgets a level together with its logger. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private static final int NOT_CARRIED_OUT = 3;
    private static final int RELAYS = 2;
    private static final int WORKERS = 3;
    private static final double MOST_A_SECOND = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "5m",
            converter = Lengths.class,
            description = "How long there are faults, such as 90s, 10m or 2h (default: ${DEFAULT-VALUE}).")
    private Duration length;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What chooses the faults (default: a new one, which is shown).")
    private @Nullable Long seed;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "5",
            description = "Orders a second (default: ${DEFAULT-VALUE}); an order has two events on average.")
    private double rate;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "The result as text (default) or json.")
    private Summary.Format format;

    private volatile boolean ending;

    public static void main(String[] args) {
        FLYWAY.setLevel(Level.WARNING);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Chaos()).setExecutionExceptionHandler((e, line, parsed) -> {
            Chaos chaos = line.getCommand();
            if (!chaos.ending) {
                line.getErr().println(sentence(e));
            }
            return NOT_CARRIED_OUT;
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!(rate > 0 && rate <= MOST_A_SECOND)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--rate': %s orders a second; give a number above 0 and up to 100"
                            .formatted(rate));
        }
        long chosen = seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed;
        String again = "--for %ds --seed %d --rate %s".formatted(length.toSeconds(), chosen, rate);
        Logs logs = Logs.make(Home.find(), chosen);
        Thread self = Thread.currentThread();
        AtEnd.run(() -> {
            ending = true;
            self.interrupt();
        });
        Progress progress = new Progress(System.err, Boolean.getBoolean("demo.terminal"));
        progress.say("bin/chaos " + again + "; logs are in " + logs.directory());
        Summary summary = carryOut(chosen, again, logs, progress);
        System.out.println(summary.as(format));
        System.out.flush();
        if (summary.findings().isEmpty()) {
            logs.delete();
            return 0;
        }
        return 1;
    }

    private Summary carryOut(long chosen, String again, Logs logs, Progress progress) throws InterruptedException {
        progress.say("starting MySQL, RabbitMQ and a mail server");
        Services services = Services.start(Scratch.directory());
        AtEnd.run(services::close);
        Pipeline pipeline = Pipeline.prepare(Home.find(), services, Scope.DEFAULT, logs.directory());
        Rig rig = new Rig(pipeline, RELAYS, WORKERS);
        AtEnd.run(rig::close);
        try {
            Customers customers = new Customers(pipeline.orders(), chosen, rate);
            Campaign campaign = new Campaign(rig, customers, progress);
            Schedule schedule = new Schedule(chosen, campaign.allFaults(), Schedule.Pace.NORMAL);
            Evidence evidence = campaign.run(schedule, length);
            logs.keep(evidence);
            Verdict verdict = Verdict.of(evidence);
            return new Summary(
                    again,
                    length,
                    campaign.faults(),
                    verdict.figures(),
                    verdict.findings(),
                    verdict.isKept() ? "" : logs.directory().toString());
        } finally {
            logs.keep(services.mysql().log());
            logs.keep(services.rabbit().log());
        }
    }

    /** What went wrong and why, in one line a cause. */
    private static String sentence(Throwable e) {
        StringBuilder text = new StringBuilder("bin/chaos: ").append(e.getMessage());
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n  because: ").append(cause);
        }
        return text.toString();
    }
}
