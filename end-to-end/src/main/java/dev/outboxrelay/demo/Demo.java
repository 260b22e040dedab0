package dev.outboxrelay.demo;

import dev.outboxrelay.local.AtEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The demo's command line. Results go to standard output, words to standard error. */
@Command(
        name = "bin/demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the whole pipeline on this machine: real MySQL and RabbitMQ, a mail server, and order-app, outbox-relay"
                    + " and mail-worker as three processes. Places orders over HTTP, kills the relay with SIGKILL in the"
                    + " middle, and shows what became of every order.",
            "",
            "The last line of the result as text is placed=N mailed=M lost=L duplicated=D, counted from the mail server's own"
                    + " mailbox against the ids that the API returned."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every order placed got exactly one mail; with --detach, --stop or --env: done",
            "1:an order was lost, duplicated or not placed, or something did not start",
            "2:usage"
        })
public final class Demo implements Callable<Integer> {

    /** Held here, since the log manager forgets a level together with its logger. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private static final int ORDERS = 20;

    @Spec
    private CommandSpec spec;

    @Option(names = "--orders", paramLabel = "N", description = "Orders to place (default: 20; none with --detach).")
    private @Nullable Integer orders;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "50",
            description = "Orders a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "The result as text (default) or json.")
    private Report.Format format;

    @ArgGroup
    private Manner manner = new Manner();

    private volatile boolean ending;

    /** At most one of these; none means to stay up until Ctrl-C. */
    static final class Manner {
        @Option(names = "--exit", description = "End once the result is shown, instead of staying up until Ctrl-C.")
        private boolean exit;

        @Option(names = "--detach", description = "Leave it running in the background; return when all is ready.")
        private boolean detach;

        @Option(names = "--stop", description = "End the one in the background.")
        private boolean stop;

        @Option(names = "--env", description = "Print export lines for the one in the background.")
        private boolean env;

        @Option(names = "--in-background", hidden = true)
        private boolean inBackground;
    }

    public static void main(String[] args) {
        FLYWAY.setLevel(Level.WARNING);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Demo()).setExecutionExceptionHandler((e, line, parsed) -> {
            Demo demo = line.getCommand();
            if (!demo.ending) {
                line.getErr().println(sentence(e));
            }
            return 1;
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((orders != null && orders < 1) || !(rate > 0)) {
            throw new ParameterException(spec.commandLine(), "--orders must be at least 1, --rate above 0");
        }
        if (format == Report.Format.json && (manner.stop || manner.env)) {
            throw new ParameterException(spec.commandLine(), "-o json is for what became of orders");
        }
        Home home = Home.find();
        Background background = new Background(DetachedDemo.of(home), System.out, System.err);
        if (manner.detach) {
            return background.start(home, arguments());
        }
        if (manner.stop) {
            return background.stop();
        }
        if (manner.env) {
            return printEnvironment(DetachedDemo.of(home));
        }
        return manner.inBackground ? runInBackground(home) : runInForeground(home);
    }

    private int runInForeground(Home home) throws InterruptedException {
        try (Stage stage = open(home)) {
            Outcome outcome = placeOrders(stage, orders == null ? ORDERS : orders);
            System.out.println(new Report(outcome).as(format));
            System.out.flush();
            if (!manner.exit) {
                System.err.println(stage.addresses());
                System.err.println("Press Ctrl-C to end it and delete everything it made.");
                new CountDownLatch(1).await();
            }
            return exitCode(outcome);
        }
    }

    private int runInBackground(Home home) throws InterruptedException {
        DetachedDemo detached = DetachedDemo.of(home);
        Optional<DetachedDemo.Claim> claim = detached.claim();
        if (claim.isEmpty()) {
            System.err.println("Another demo is starting already.");
            return 1;
        }
        AtEnd.run(detached::forget);
        try (DetachedDemo.Claim held = claim.get();
                Stage stage = open(home)) {
            String report = "";
            int exitCode = 0;
            if (orders != null) {
                Outcome outcome = placeOrders(stage, orders);
                report = new Report(outcome).as(format) + "\n";
                exitCode = exitCode(outcome);
            }
            System.err.println(stage.addresses());
            System.err.println("eval \"$(bin/demo --env)\" sets these addresses; bin/demo --stop ends it.");
            detached.ready(ExportLines.of(stage.environment()), report, exitCode);
            new CountDownLatch(1).await();
            return exitCode;
        }
    }

    private Stage open(Home home) {
        AtEnd.run(() -> ending = true);
        return Stage.open(home, progress());
    }

    private Outcome placeOrders(Stage stage, int count) {
        return new DemoRun(stage.pipeline(), progress()).place(count, rate);
    }

    private static int exitCode(Outcome outcome) {
        return outcome.isClean() ? 0 : 1;
    }

    private static int printEnvironment(DetachedDemo detached) {
        if (!detached.isRunning() || detached.exportLines().isEmpty()) {
            System.err.println("No demo is ready in the background; bin/demo --detach starts one.");
            return 1;
        }
        System.out.print(detached.exportLines().get());
        return 0;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--rate", Double.toString(rate), "-o", format.name()));
        if (orders != null) {
            arguments.addAll(List.of("--orders", orders.toString()));
        }
        return arguments;
    }

    private static Progress progress() {
        return new Progress(System.err, Boolean.getBoolean("demo.terminal"));
    }

    /** What went wrong and why, in one line a cause. */
    private static String sentence(Throwable e) {
        StringBuilder text = new StringBuilder("bin/demo: ").append(e.getMessage());
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n  because: ").append(cause);
        }
        return text.toString();
    }
}
