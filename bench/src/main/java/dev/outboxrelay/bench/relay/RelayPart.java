package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Part;
import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import dev.outboxrelay.bench.report.Metric;
import dev.outboxrelay.bench.report.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A backlog of single-row transactions, drained by each candidate from the same position. */
public final class RelayPart implements Part {

    public static final String NAME = "relay";

    /** Together with the columns of a row, about 500 bytes. */
    private static final int PAYLOAD_BYTES = 420;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration estimate(Setup setup) {
        long candidates = 1L + setup.peers().size();
        Duration drain = Duration.ofSeconds(10).plusMillis(setup.rows() / 8);
        return drain.multipliedBy(candidates * setup.rounds()).plusMillis(setup.rows() / 4);
    }

    @Override
    public void measure(Bed bed, Setup setup, Figures figures, Words words) {
        AtomicLong numbers = new AtomicLong();
        Backlog backlog = new Backlog(bed.mysql(), numbers);
        try (Broker broker = Broker.connect(bed.rabbit())) {
            List<Candidate> candidates = new Field(bed, broker, figures, words, backlog).line(setup.peers());
            if (setup.peers().contains(PerfTest.NAME)) {
                candidates.add(new PerfTest(bed, setup.rows(), PAYLOAD_BYTES));
            }
            words.say("committing a backlog of %,d rows".formatted(setup.rows()));
            backlog.write("orders.outbox", setup.rows(), Backlog.Shape.single(PAYLOAD_BYTES));
            new Turns(NAME, bed::isRunning, figures, words).take(setup.rounds(), candidates, (round, candidate) -> {
                candidate.rewind();
                Map<Metric, Double> sample = new Drain(bed, broker).run(candidate, setup.rows());
                figures.add(new Subject(NAME, Map.of("rows", setup.rows()), candidate.name()), round, sample);
                words.say("relay round %d: %s %.0f msgs/s"
                        .formatted(round, candidate.name(), sample.get(Metric.MSGS_PER_S)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection to RabbitMQ", e);
        }
    }
}
