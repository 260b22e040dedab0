package dev.outboxrelay.bench.mail;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.load.LoadKind;
import dev.outboxrelay.bench.load.LoadProcess;
import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.bench.report.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures each candidate once. */
final class MailRound {

    private static final String OURS = "mail-worker";
    private static final String TWICE = "mail-worker, each event twice";
    private static final String BARE = "bare-durable-loop";
    private static final String WIRE = "smtp-source";
    private static final String BY_CONNECTION = "connection-per-mail";
    private static final List<Integer> CONSUMERS = List.of(5, 20);
    private static final int MOST = 20;
    private static final int ROWS_PER_MAIL = 10;
    private static final int WARM_UP = 3_000;
    private static final int WARM_UP_RATIO = 4;
    private static final int WIRE_MAILS = 30_000;
    private static final int WIRE_MAILS_BRIEF = 100;

    private static final LoadProcess.Phases FIRST =
            new LoadProcess.Phases(Duration.ofSeconds(20), Duration.ofSeconds(1));
    private static final LoadProcess.Phases FULL = new LoadProcess.Phases(Duration.ofSeconds(2), Duration.ofSeconds(8));
    private static final LoadProcess.Phases BRIEF =
            new LoadProcess.Phases(Duration.ofMillis(200), Duration.ofSeconds(1));

    private final Bed bed;
    private final Setup setup;
    private final WorkerDrain worker;
    private final Path mail;
    private final Figures figures;
    private final Words words;

    /** @param mail one of mail-worker's, which the others send as it is */
    MailRound(Bed bed, Setup setup, WorkerDrain worker, Path mail, Figures figures, Words words) {
        this.bed = bed;
        this.setup = setup;
        this.worker = worker;
        this.mail = mail;
        this.figures = figures;
        this.words = words;
    }

    /** A process that sends that mail to that server, and has done so for a while. */
    LoadProcess warmed(LoadKind kind, MailServer server) {
        Map<String, String> environment = Map.of(
                "BENCH_MAIL_FILE", mail.toString(),
                "BENCH_SMTP_HOST", server.host(),
                "BENCH_SMTP_PORT", Integer.toString(server.port()),
                "BENCH_SMTP_USER", bed.services().sink().username(),
                "BENCH_SMTP_PASSWORD", bed.services().sink().password(),
                "BENCH_SMTP_CA", bed.services().sink().caFile().toString());
        LoadProcess load = LoadProcess.start(bed, MailPart.NAME, kind, environment);
        if (!setup.brief()) {
            words.say("warming up " + kind);
            load.run(Metric.MAILS_PER_S, MOST, FIRST);
        }
        return load;
    }

    /** Against a mail server that costs next to nothing. */
    void plain(int round, PlainSink sink, LoadProcess bare, Postfix postfix) {
        for (int consumers : setup.brief() ? List.of(MOST) : CONSUMERS) {
            Scenario scenario = new Scenario(round, consumers, PlainSink.CONDITION);
            add(scenario, OURS, worker.run(sink, consumers, backlog(false)));
            if (consumers == MOST && !setup.brief()) {
                add(scenario, TWICE, worker.run(sink, consumers, backlog(true)));
            }
            add(scenario, BARE, load(bare, consumers));
            int mails = setup.brief() ? WIRE_MAILS_BRIEF : WIRE_MAILS;
            add(scenario, WIRE, new SmtpSource(postfix, mailBytes()).run(sink, consumers, mails));
        }
    }

    /** Against one that wants STARTTLS and a login. */
    void secured(int round, SecuredSink sink, LoadProcess byConnection) {
        Scenario scenario = new Scenario(round, MOST, SecuredSink.CONDITION);
        sink.sink().clear();
        add(scenario, OURS, worker.run(sink, MOST, backlog(false)));
        sink.sink().clear();
        add(scenario, BY_CONNECTION, load(byConnection, MOST));
    }

    private record Scenario(int round, int consumers, String server) {}

    private WorkerDrain.Backlog backlog(boolean twice) {
        int mails = (int) Math.max(1, setup.rows() / ROWS_PER_MAIL);
        return new WorkerDrain.Backlog(setup.brief() ? 1 : Math.max(WARM_UP, WARM_UP_RATIO * mails), mails, twice);
    }

    private Map<Metric, Double> load(LoadProcess load, int workers) {
        return load.run(Metric.MAILS_PER_S, workers, setup.brief() ? BRIEF : FULL);
    }

    private int mailBytes() {
        try {
            return (int) Files.size(mail);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + mail, e);
        }
    }

    private void add(Scenario scenario, String name, Map<Metric, Double> sample) {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("consumers", scenario.consumers());
        conditions.put("server", scenario.server());
        figures.add(new Subject(MailPart.NAME, conditions, name), scenario.round(), sample);
        words.say("mail round %d: %s, %d at once, %s: %.0f mails/s"
                .formatted(
                        scenario.round(),
                        name,
                        scenario.consumers(),
                        scenario.server(),
                        sample.get(Metric.MAILS_PER_S)));
    }
}
