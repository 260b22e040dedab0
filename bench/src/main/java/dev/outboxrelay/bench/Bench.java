package dev.outboxrelay.bench;

import dev.outboxrelay.bench.mail.MailPart;
import dev.outboxrelay.bench.orders.OrdersPart;
import dev.outboxrelay.bench.relay.GrowthPart;
import dev.outboxrelay.bench.relay.LatencyPart;
import dev.outboxrelay.bench.relay.PeerNames;
import dev.outboxrelay.bench.relay.RelayPart;
import dev.outboxrelay.bench.report.Report;
import dev.outboxrelay.demo.Home;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The bench's command line. Results go to standard output, words to standard error. */
@Command(
        name = "bin/bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures outbox-relay beside its peers and ceilings, on real servers of its own on this machine. Rounds are"
                    + " interleaved; figures are medians, ratios are taken within a round."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured; a peer that can't be had here is left out, with a sentence",
            "1:something could not be measured to its end",
            "2:usage, also a --results that can't be written to",
            "130:ended by Ctrl-C"
        })
public final class Bench implements Callable<Integer> {

    /** Held here, since the log manager forgets a level together with its logger. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private static final String ALL = "all";
    private static final String NONE = "none";
    private static final List<Part> PARTS =
            List.of(new RelayPart(), new GrowthPart(), new LatencyPart(), new OrdersPart(), new MailPart());

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PART", description = "relay, growth, latency, orders, mail or all.")
    private String part = ALL;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Messages of the relay's backlog (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--rounds",
            paramLabel = "R",
            defaultValue = "3",
            description = "How often each is measured, in turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--rate",
            paramLabel = "R",
            split = ",",
            defaultValue = "50,200,1000",
            description = "Commits a second for latency (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = new ArrayList<>();

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description =
                    "What to measure beside the relay: none, or some of debezium-server, debezium-server-5ms-poll,"
                            + " status-poller, binlog-client, rabbitmq-perf-test (default: all).")
    private List<String> peers = new ArrayList<>(PeerNames.ALL);

    @Option(
            names = "--brief",
            hidden = true,
            description = "Little of each, on shared servers, and no downloads: a check that it works, no figures.")
    private boolean brief;

    @Option(
            names = "--results",
            paramLabel = "DIRECTORY",
            description = "Where to write RESULTS.md and its charts (default: bench/ for all, nowhere for one part).")
    private @Nullable Path results;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, or json: one object a line (default: ${DEFAULT-VALUE}).")
    private String output = "table";

    public static void main(String[] args) {
        FLYWAY.setLevel(Level.WARNING);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).setExecutionExceptionHandler((e, line, parsed) -> {
            if (!Ending.hasBegun()) {
                line.getErr().println("bin/bench: " + sentence(e));
            }
            return 1;
        });
    }

    @Override
    public Integer call() {
        Setup setup = setup();
        List<Part> wanted = PARTS.stream()
                .filter(p -> part.equals(ALL) || part.equals(p.name()))
                .toList();
        if (wanted.isEmpty()) {
            String known = String.join(", ", PARTS.stream().map(Part::name).toList());
            throw new ParameterException(
                    spec.commandLine(), "There is no part '%s'; there are %s and all".formatted(part, known));
        }
        resultsDirectory().ifPresent(this::requireWritable);
        Run run = new Run(setup, new Words(System.err));
        run.measure(wanted, resultsDirectory(), command());
        Report report = new Report(run.figures());
        System.out.print(output.equals("json") ? report.json() : report.tables());
        System.out.flush();
        List<String> missed = run.figures().missed();
        missed.forEach(what -> spec.commandLine().getErr().println("bin/bench: not measured to the end: " + what));
        return missed.isEmpty() ? 0 : 1;
    }

    /** Where results are written: what was named, else bench/ where all parts are measured, else nowhere. */
    private Optional<Path> resultsDirectory() {
        if (results != null) {
            return Optional.of(results);
        }
        return part.equals(ALL) && !brief ? Optional.of(Home.find().root().resolve("bench")) : Optional.empty();
    }

    private String command() {
        return ("bin/bench "
                        + String.join(" ", spec.commandLine().getParseResult().originalArgs()))
                .strip();
    }

    private Setup setup() {
        Set<String> wanted = new LinkedHashSet<>(peers);
        wanted.remove(NONE);
        requirePositive("--rows", rows);
        requirePositive("--rounds", rounds);
        rates.forEach(rate -> requirePositive("--rate", rate));
        if (!PeerNames.ALL.containsAll(wanted)) {
            throw new ParameterException(spec.commandLine(), "--peers knows none, " + String.join(", ", PeerNames.ALL));
        }
        if (!Set.of("table", "json").contains(output)) {
            throw new ParameterException(spec.commandLine(), "--output must be table or json");
        }
        return new Setup(rows, rounds, rates, wanted, brief);
    }

    private void requirePositive(String option, long value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be at least 1, not " + value);
        }
    }

    /** Found out before anything is measured, and not after most of an hour. */
    private void requireWritable(Path directory) {
        try {
            Path charts = Files.createDirectories(directory.resolve("charts"));
            if (!Files.isWritable(directory) || !Files.isWritable(charts)) {
                throw new AccessDeniedException(directory.toString());
            }
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--results: %s can't be written to: %s".formatted(directory, e), e);
        }
    }

    /** What went wrong and why, in one line a cause. */
    static String sentence(Throwable e) {
        StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n  because: ").append(cause);
        }
        return text.toString();
    }
}
