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

/** Open-loop latency from commit to consumer at steady rates. */
public final class LatencyPart implements Part {

    public static final String NAME = "latency";

    private static final Latency.Phases FULL = new Latency.Phases(Duration.ofSeconds(8), Duration.ofSeconds(8));
    private static final Latency.Phases BRIEF = new Latency.Phases(Duration.ofMillis(500), Duration.ofSeconds(1));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration estimate(Setup setup) {
        Duration each = FULL.measured()
                .multipliedBy(setup.rates().size())
                .plus(FULL.warmUp())
                .plusSeconds(10);
        return each.multipliedBy((1L + setup.peers().size()) * setup.rounds());
    }

    @Override
    public void measure(Bed bed, Setup setup, Figures figures, Words words) {
        AtomicLong numbers = new AtomicLong();
        try (Broker broker = Broker.connect(bed.rabbit())) {
            List<Candidate> candidates =
                    new Field(bed, broker, figures, words, new Backlog(bed.mysql(), numbers)).line(setup.peers());
            new Turns(NAME, bed::isRunning, figures, words).take(setup.rounds(), candidates, (round, candidate) -> {
                Map<Integer, Map<Metric, Double>> samples =
                        new Latency(bed, broker, numbers).run(candidate, setup.rates(), setup.brief() ? BRIEF : FULL);
                samples.forEach((rate, sample) -> {
                    figures.add(new Subject(NAME, Map.of("rate", rate), candidate.name()), round, sample);
                    words.say("latency round %d: %s at %d/s, p50 %.2f ms, p99 %.2f ms"
                            .formatted(
                                    round,
                                    candidate.name(),
                                    rate,
                                    sample.get(Metric.P50_MS),
                                    sample.get(Metric.P99_MS)));
                });
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection to RabbitMQ", e);
        }
    }
}
