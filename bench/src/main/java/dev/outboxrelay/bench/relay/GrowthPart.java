package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Part;
import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a message costs outbox-relay, once it is warm, as there is more of something: messages, payload, foreign rows, queues,
 * company.
 */
public final class GrowthPart implements Part {

    public static final String NAME = "growth";

    /** In all cases; whether it has anything to delete is the case's. */
    private static final Map<String, String> JANITOR_QUICK_TO_NOTICE =
            Map.of("RELAY_JANITOR_INTERVAL", "1s", "RELAY_JANITOR_PAUSE", "100ms");

    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration ROUND = Duration.ofSeconds(150);
    private static final Duration ROUND_OF_A_MILLION = Duration.ofSeconds(440);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration estimate(Setup setup) {
        return (setup.rows() < GrowthRound.MILLION ? ROUND : ROUND_OF_A_MILLION)
                .multipliedBy(setup.rounds())
                .plus(WARM_UP);
    }

    @Override
    public void measure(Bed bed, Setup setup, Figures figures, Words words) {
        try (Broker broker = Broker.connect(bed.rabbit())) {
            Backlog backlog = new Backlog(bed.mysql(), new AtomicLong());
            backlog.prepareForeign();
            if (setup.rows() < GrowthRound.MILLION && !setup.brief()) {
                words.say("1,000,000 messages at once are left out: they take --rows 1000000");
            }
            OutboxRelay relay = new OutboxRelay(bed);
            words.say("storing outbox-relay's position");
            relay.prime();
            JANITOR_QUICK_TO_NOTICE.forEach(relay.app()::set);
            try (WarmRelay warm = WarmRelay.start(bed, broker, relay)) {
                for (int round = 1; round <= setup.rounds(); round++) {
                    GrowthRound growth =
                            new GrowthRound(setup, backlog, relay, warm, new GrowthNotes(figures, words, round));
                    if (round == 1 && !setup.brief()) {
                        words.say("warming up outbox-relay");
                        growth.warmUp();
                    }
                    growth.run();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection to RabbitMQ", e);
        }
    }
}
