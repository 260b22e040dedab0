package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Sql;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Who competes, each with a stored position from which every backlog begins. */
final class Field {

    private static final int DEBEZIUM_SERVER_WANTS = 21;
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration ROW_EVERY = Duration.ofMillis(500);

    private final Bed bed;
    private final Broker broker;
    private final Figures figures;
    private final Words words;
    private final Backlog backlog;

    Field(Bed bed, Broker broker, Figures figures, Words words, Backlog backlog) {
        this.bed = bed;
        this.broker = broker;
        this.figures = figures;
        this.words = words;
        this.backlog = backlog;
    }

    /**
     * Those of the wanted that can be had here, ready to be rewound; a sentence for each that can't.
     *
     * @param peers names, ours not among them since it is always there
     */
    List<Candidate> line(Set<String> peers) {
        List<Candidate> others = new ArrayList<>();
        if (peers.contains(DebeziumServer.NAME) || peers.contains(DebeziumServer.TUNED)) {
            debezium().stream().filter(server -> peers.contains(server.name())).forEach(others::add);
        }
        if (peers.contains(Poller.NAME)) {
            others.add(new Poller(bed));
        }
        new Sql(bed.mysql()).run("DELETE FROM orders.outbox");
        OutboxRelay ours = new OutboxRelay(bed);
        words.say("storing outbox-relay's position");
        ours.prime();
        if (peers.contains(BinlogClient.NAME)) {
            others.add(new BinlogClient(bed));
        }
        List<Candidate> all = new ArrayList<>(List.of(ours));
        all.addAll(others);
        return all;
    }

    private List<DebeziumServer> debezium() {
        Optional<Jdk> jdk = Jdk.atLeast(DEBEZIUM_SERVER_WANTS);
        if (jdk.isEmpty()) {
            leftOut("it wants a JDK %d or newer, and neither JAVA_HOME nor /usr/lib/jvm has one"
                    .formatted(DEBEZIUM_SERVER_WANTS));
            return List.of();
        }
        Optional<Path> distribution = DebeziumDistribution.find(words);
        if (distribution.isEmpty()) {
            leftOut("it can't be downloaded");
            return List.of();
        }
        Path home = distribution.get();
        DebeziumServer plain = new DebeziumServer(DebeziumServer.NAME, home, jdk.get(), bed, Map.of());
        DebeziumServer tuned =
                new DebeziumServer(DebeziumServer.TUNED, home, jdk.get(), bed, Map.of("poll.interval.ms", "5"));
        words.say("storing Debezium Server's position");
        try {
            prime(plain);
        } catch (IllegalStateException e) {
            figures.missed("Debezium Server, which does not publish here");
            words.say("Debezium Server is left out: " + e.getMessage());
            return List.of();
        }
        plain.keepPosition(tuned);
        return List.of(plain, tuned);
    }

    private void leftOut(String reason) {
        figures.leftOut("Debezium Server: " + reason);
        words.say("Debezium Server is left out: " + reason);
    }

    /** Runs it until rows that are committed meanwhile arrive, and all of them have. */
    private void prime(DebeziumServer candidate) {
        String queue = broker.freshQueue();
        try (Launched process = candidate.launchToPrime()) {
            boolean arrived = Wait.upTo(STARTS_WITHIN, ROW_EVERY, () -> {
                backlog.writeOne(candidate.table());
                return !process.isRunning() || broker.count(queue) > 0;
            });
            if (!arrived || !process.isRunning()) {
                throw new IllegalStateException(candidate.name() + " does not publish");
            }
            Wait.upTo(STARTS_WITHIN, ROW_EVERY.multipliedBy(3), settled(queue));
        }
        broker.delete(queue);
    }

    private BooleanSupplier settled(String queue) {
        long[] before = {-1};
        return () -> {
            long now = broker.count(queue);
            boolean same = now == before[0];
            before[0] = now;
            return same;
        };
    }
}
