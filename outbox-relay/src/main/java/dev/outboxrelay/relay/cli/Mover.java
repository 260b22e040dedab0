package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Server;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.cli.MovePlan.Direction;
import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.LeaseStore;
import dev.outboxrelay.relay.offsets.OffsetMoves;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a move of the offset, has it confirmed, makes it, and says what came of it. */
final class Mover {

    @Mixin
    private Confirmation confirmation;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeast.One.class,
            description =
                    "Name at most N events (default: 100 of those published again, all in JSON; all that are skipped).")
    private int limit;

    int limit(Setup setup) {
        return limit > 0 || !setup.isJson() ? limit : Integer.MAX_VALUE;
    }

    ExitCode move(Setup setup, Operator operator, Cause cause, MovePlan plan) throws IOException {
        String relay = operator.config().name();
        if (confirmation.isDryRun() || plan.direction() == Direction.NOWHERE) {
            report(setup, relay, plan, plan.events(), null);
            setup.say(
                    plan.direction() == Direction.NOWHERE
                            ? "It stands there already."
                            : consequence(plan) + ". Nothing was changed.");
            return ExitCode.DONE;
        }
        if (!setup.isJson()) {
            report(setup, relay, plan, plan.events(), null);
        }
        confirmation.require(setup, relay, consequence(plan));
        boolean running =
                operator.leases().current().filter(LeaseStore.Tenure::isHeld).isPresent();
        OffsetMoves.Moved moved = store(operator, cause, plan)
                .orElseThrow(
                        () -> new CommandException(
                                ExitCode.FAILED,
                                "nothing was changed: the offset was moved meanwhile, by somebody else or by the relay. Look again: outbox-relay offsets show"));
        Listing events = settled(operator, plan, moved);
        if (setup.isJson()) {
            report(setup, relay, plan, events, moved.epoch());
        }
        setup.say("Moved: relay '%s' goes on from %s, epoch %d; %s.%s"
                .formatted(
                        relay,
                        plan.to().position(),
                        moved.epoch(),
                        outcome(plan.direction(), events.count()),
                        running
                                ? " The relay that runs is fenced, and goes on there within its lease's time (%s)."
                                        .formatted(Words.of(
                                                operator.config().lease().ttl()))
                                : ""));
        return ExitCode.DONE;
    }

    /**
     * Moves it, or does not.
     *
     * @throws CommandException where MySQL went away before it answered
     */
    private static Optional<OffsetMoves.Moved> store(Operator operator, Cause cause, MovePlan plan) {
        try {
            return operator.moves()
                    .move(
                            new OffsetMoves.Move(
                                    cause,
                                    plan.to().position(),
                                    plan.to().serverUuid(),
                                    plan.stored().map(StoredOffset::epoch).orElse(0L),
                                    operatorName(),
                                    leftOutUpTo(operator, plan)),
                            now -> isStillAhead(operator.server(), plan, now));
        } catch (DataAccessResourceFailureException | RecoverableDataAccessException | TransactionException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "MySQL went away while the position was being stored: %s. Whether it is stored is not known, only that it is as a whole or not at all. Look: outbox-relay offsets history"
                            .formatted(RootCause.of(e)));
        }
    }

    private static @Nullable Instant leftOutUpTo(Operator operator, MovePlan plan) {
        return switch (plan.direction()) {
            case BACK, NOWHERE -> null;
            case FORWARD -> {
                Instant now = operator.now();
                Instant last = plan.events().lastWritten().orElse(now);
                yield last.isBefore(now) ? last : now; // a clock that is ahead would switch verification off until then
            }
            case FIRST, UNKNOWN -> operator.now();
        };
    }

    /** A relay that runs has come further while somebody was thinking: what it published since comes again as well. */
    private Listing settled(Operator operator, MovePlan plan, OffsetMoves.Moved moved) throws IOException {
        Optional<StoredOffset> replaced = moved.replaced();
        if (plan.direction() != Direction.BACK
                || replaced.map(StoredOffset::position).equals(plan.stored().map(StoredOffset::position))) {
            return plan.events();
        }
        StoredOn from = new StoredOn(
                replaced.orElseThrow().position(), replaced.orElseThrow().serverUuid());
        return MovePlan.events(operator, Direction.BACK, plan.to(), from, Integer.MAX_VALUE);
    }

    /** Forward must stay forward: a relay that has got past the place by itself would be sent back. */
    private static boolean isStillAhead(Server server, MovePlan plan, Optional<StoredOffset> now) {
        return plan.direction() != Direction.FORWARD
                || now.map(offset -> new StoredOn(offset.position(), offset.serverUuid()))
                                .map(from -> MovePlan.direction(server, plan.to(), from))
                                .orElse(Direction.UNKNOWN)
                        == Direction.FORWARD;
    }

    private static String consequence(MovePlan plan) {
        return outcome(plan.direction(), plan.events().count());
    }

    private static String outcome(Direction direction, long events) {
        return switch (direction) {
            case BACK -> Words.count(events, "event") + " will be published again";
            case FORWARD -> Words.count(events, "event") + " will not be published: lost, unless published before";
            case NOWHERE -> "nothing changes";
            case FIRST -> "the relay begins there: what was committed before it is not published";
            case UNKNOWN ->
                "the stored position is lost, so it can't be known which events lie between and are not published";
        };
    }

    private static void report(Setup setup, String relay, MovePlan plan, Listing events, @Nullable Long epoch) {
        setup.print(() -> json(relay, plan, events, epoch), () -> {
            events.print(setup.out());
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("relay", relay);
            fields.put(
                    "from",
                    plan.stored().map(from -> from.position().toString()).orElse("no position"));
            fields.put("to", plan.to().position().toString());
            Output.fields(setup.out(), fields);
        });
    }

    private static Map<String, @Nullable Object> json(
            String relay, MovePlan plan, Listing events, @Nullable Long epoch) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("relay", relay);
        json.put("direction", plan.direction().name().toLowerCase(Locale.ROOT));
        json.put("from", plan.stored().map(from -> from.position().offset()).orElse(null));
        json.put("to", plan.to().position().offset());
        json.put("moved", epoch != null);
        json.put("epoch", epoch);
        json.putAll(events.json());
        return json;
    }

    private static String operatorName() {
        return "operator %s@%s"
                .formatted(System.getProperty("user.name"), System.getenv().getOrDefault("HOSTNAME", "localhost"));
    }
}
