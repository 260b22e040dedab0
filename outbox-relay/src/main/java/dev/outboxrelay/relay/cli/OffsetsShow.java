package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Distance;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.offsets.LeaseStore.Tenure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code offsets show}. */
@Command(
        name = "show",
        description = {
            "The stored position, and what is behind it.",
            "Exit code 4 where the server can't go on from that position, or none is stored."
        },
        mixinStandardHelpOptions = true)
final class OffsetsShow implements Callable<Integer> {

    @Mixin
    private Setup setup;

    @Override
    public Integer call() throws IOException {
        try (Operator operator = setup.open()) {
            if (operator.offsets().read().isEmpty()) {
                return beforeTheFirst(operator).code();
            }
            Standing standing = Standing.of(operator);
            String relay = operator.config().name();
            setup.print(() -> json(relay, standing), () -> Output.fields(setup.out(), table(relay, standing)));
            return (standing.lost() == null ? ExitCode.DONE : ExitCode.UNHEALTHY).code();
        }
    }

    /** Nothing is stored: who is there, and what they say, may tell why. */
    private ExitCode beforeTheFirst(Operator operator) {
        String relay = operator.config().name();
        States states = States.of(operator, operator.leases().current().orElse(null));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("relay", relay);
        setup.print(
                () -> {
                    fields.put("offset", null);
                    addLease(fields, states);
                    fields.put("valid", false);
                    return fields;
                },
                () -> {
                    fields.put("running", running(states));
                    states.addTo(fields);
                    Output.fields(setup.out(), fields);
                });
        setup.say(operator.nothingStored());
        return ExitCode.UNHEALTHY;
    }

    private static Map<String, @Nullable Object> table(String relay, Standing standing) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        Position position = standing.stored().position();
        Distance distance = standing.distance();
        fields.put("relay", relay);
        fields.put("running", running(standing.states()));
        standing.states().addTo(fields);
        fields.put("GTIDs", position.gtids());
        fields.put("binlog", position.file() + ":" + position.pos());
        fields.put("committed", committed(position, distance));
        fields.put(
                "stored",
                "%s (%s ago), epoch %d, %s confirmed so far"
                        .formatted(
                                standing.stored().updatedAt(),
                                Words.of(standing.storedAgo()),
                                standing.stored().epoch(),
                                Words.count(standing.stored().events(), "event")));
        fields.put("server", server(standing));
        fields.put("snapshot", position.isSnapshotPending() ? "still to be published" : null);
        if (distance != null) {
            fields.put("server at", distance.end().toString());
            fields.put(
                    "behind",
                    "%s, %s, %s of binlog; %s"
                            .formatted(
                                    Words.count(standing.events(), "event"),
                                    Words.count(distance.transactions(), "transaction"),
                                    Words.count(standing.bytes(), "byte"),
                                    Words.of(standing.lag())));
            fields.put("purge in", purge(distance));
        }
        fields.put("valid", validity(standing));
        return fields;
    }

    private static String server(Standing standing) {
        String stored = standing.stored().serverUuid();
        return stored.equals(standing.serverUuid())
                ? stored
                : "stored on " + stored + ", this is " + standing.serverUuid();
    }

    private static String running(States states) {
        Tenure tenure = states.tenure();
        if (tenure != null && tenure.isHeld()) {
            return "yes: %s, epoch %d, lease for another %s"
                    .formatted(tenure.owner(), tenure.epoch(), Words.of(tenure.left()));
        }
        String lease = tenure == null
                ? "no relay of this name has ever had the lease"
                : "the lease has been free for %s, held last by %s, epoch %d"
                        .formatted(Words.of(tenure.left().abs()), tenure.owner(), tenure.epoch());
        return (states.isBetweenTries() ? "yes, between two tries: " : "no: ") + lease;
    }

    private static @Nullable String committed(Position position, @Nullable Distance distance) {
        Instant at = position.committedAt();
        return at == null ? null : at + (distance == null ? "" : " (" + Words.of(distance.age()) + " ago)");
    }

    private static String purge(Distance distance) {
        Duration left = distance.untilPurge();
        return left == null
                ? distance.retention() == null ? "never: the server keeps its whole binlog" : "unknown"
                : "%s (the server keeps its binlog for %s)".formatted(Words.of(left), Words.of(distance.retention()));
    }

    private static String validity(Standing standing) {
        return standing.lost() == null
                ? "yes: the server has everything behind this position"
                : "NO: %s. Started, the relay publishes again what the outbox table still holds"
                        .formatted(standing.lost());
    }

    private static Map<String, @Nullable Object> json(String relay, Standing standing) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        Distance distance = standing.distance();
        Instant committedAt = standing.stored().position().committedAt();
        fields.put("relay", relay);
        fields.put("offset", standing.stored().position().offset());
        fields.put("committedAt", committedAt == null ? null : committedAt.toString());
        fields.put("storedAt", standing.stored().updatedAt().toString());
        fields.put("serverUuid", standing.stored().serverUuid());
        fields.put("epoch", standing.stored().epoch());
        fields.put("events", standing.stored().events());
        addLease(fields, standing.states());
        fields.put("serverOffset", distance == null ? null : distance.end().offset());
        fields.put("eventsBehind", standing.events());
        fields.put("transactionsBehind", standing.transactions());
        fields.put("bytesBehind", standing.bytes());
        fields.put("secondsBehind", standing.lagSeconds());
        fields.put("secondsUntilPurge", standing.purgeSeconds());
        fields.put("valid", standing.lost() == null);
        fields.put("lost", standing.lost());
        return fields;
    }

    private static void addLease(Map<String, @Nullable Object> fields, States states) {
        Tenure tenure = states.tenure();
        fields.put("leaseOwner", tenure == null ? null : tenure.owner());
        fields.put("leaseEpoch", tenure == null ? null : tenure.epoch());
        fields.put("leaseHeld", states.isHeld());
        states.addToJson(fields);
    }
}
