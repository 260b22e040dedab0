package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxReader;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import dev.outboxrelay.relay.cli.LeftOut.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events republish}. */
@Command(
        name = "republish",
        description = {
            "Publishes events once more, from the table, each aggregate in its order and marked by the header 'replayed'.",
            "It lists them, and asks. What has not been published for the first time is left to the relay, and what is in"
                    + " quarantine to 'quarantine retry'.",
            "Exit code 1 where it ended early, 5 where it did not, but left out what should have been among it."
        },
        mixinStandardHelpOptions = true)
final class EventsRepublish implements Callable<Integer> {

    private static final int BATCH = 100;
    private static final int SHOWN = 100;

    @Mixin
    private Setup setup;

    @Mixin
    private Confirmation confirmation;

    @ArgGroup(multiplicity = "1")
    private final ReplaySelection selection = new ReplaySelection();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            converter = AtLeast.One.class,
            description = "At most so many events a second (default 500).")
    private int rate;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Of the same selection, only what comes after this event: to go on where it ended.")
    private @Nullable String after;

    private final List<LeftOut> leftOut = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = setup.open()) {
            String relay = operator.config().name();
            Instant now = operator.now();
            OutboxReader outbox = new OutboxReader(operator.jdbc(), operator.config());
            List<RowKey> selected = afterwards(selection.keys(outbox, now));
            Pending pending = Pending.of(operator, Long.MAX_VALUE); // after the rows: none may be missed
            Listing events = Listing.ofRows(setup.isJson() ? Integer.MAX_VALUE : SHOWN);
            List<RowKey> keys = choose(outbox, selected, pending, events);
            if (!setup.isJson()) {
                events.print(setup.out());
            }
            leftOut.stream().limit(SHOWN).forEach(this::say);
            if (leftOut.size() > SHOWN) {
                setup.say("… and %d more are left out (-o json names them)".formatted(leftOut.size() - SHOWN));
            }
            if (confirmation.isDryRun() || keys.isEmpty()) {
                report(relay, events, null);
                setup.say(Words.count(events.count(), "event") + " would be published again. Nothing was published.");
                return exitCode(null).code();
            }
            confirmation.require(
                    setup,
                    relay,
                    Words.count(events.count(), "event") + " will be published again, at most " + rate + " a second");
            try (Interruption ignored = Interruption.watch(setup::say)) {
                Replay.Outcome outcome = new Replay(outbox, keys, rate, this::leaveOut, setup::say)
                        .run(operator.broker(), operator.config().confirmTimeout());
                report(relay, events, outcome);
                account(outcome, keys.size(), now);
                return exitCode(outcome).code();
            }
        }
    }

    private List<RowKey> afterwards(List<RowKey> keys) {
        if (after == null) {
            return keys;
        }
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).text().equalsIgnoreCase(after)) {
                return keys.subList(i + 1, keys.size());
            }
        }
        throw new CommandException(
                ExitCode.FAILED, "nothing was published: --after names %s, which is not among them".formatted(after));
    }

    /** Those that can and may be published once more; the others are noted. */
    private List<RowKey> choose(OutboxReader outbox, List<RowKey> selected, Pending pending, Listing events) {
        List<RowKey> chosen = new ArrayList<>();
        for (int from = 0; from < selected.size(); from += BATCH) {
            List<RowKey> batch = selected.subList(from, Math.min(selected.size(), from + BATCH));
            for (Mapped row : outbox.read(batch)) {
                LeftOut why = pending.why(row.table(), row.id());
                if (why == null && row instanceof Mapped.Poison poison) {
                    why = Replay.unmappable(poison);
                }
                if (why != null) {
                    leftOut.add(why);
                } else {
                    EventView event = EventView.of(row);
                    events.add(event, event.writtenAt());
                    chosen.add(key(batch, row));
                }
            }
        }
        return chosen;
    }

    private static RowKey key(List<RowKey> batch, Mapped row) {
        return batch.stream().filter(key -> Replay.isOf(row, key)).findFirst().orElseThrow();
    }

    private void leaveOut(LeftOut event) {
        leftOut.add(event);
        say(event);
    }

    private void say(LeftOut event) {
        setup.say("%s is left out: %s".formatted(event.event(), event.why()));
    }

    /** What a relay is about to publish anyway is missing only where it was asked for by name. */
    private ExitCode exitCode(Replay.@Nullable Outcome outcome) {
        if (outcome != null && outcome.failure() != null) {
            return ExitCode.FAILED;
        }
        boolean all =
                leftOut.stream().allMatch(event -> event.reason() == Reason.NOT_YET_PUBLISHED && !selection.isNamed());
        return all ? ExitCode.DONE : ExitCode.GAPS;
    }

    private void report(String relay, Listing events, Replay.@Nullable Outcome outcome) {
        setup.print(() -> json(relay, events, outcome), () -> {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("relay", relay);
            fields.put("selected", Words.count(events.count(), "event"));
            fields.put("left out", leftOut.isEmpty() ? null : Words.count((long) leftOut.size(), "event"));
            if (outcome != null) {
                fields.put("confirmed", Words.count(outcome.confirmed(), "event"));
                fields.put(
                        "unconfirmed",
                        outcome.unconfirmed().isEmpty() ? null : String.join(" ", outcome.unconfirmed()));
                fields.put(
                        "not sent",
                        outcome.unsent().isEmpty()
                                ? null
                                : Words.count((long) outcome.unsent().size(), "event"));
            }
            Output.fields(setup.out(), fields);
        });
    }

    private Map<String, @Nullable Object> json(String relay, Listing events, Replay.@Nullable Outcome outcome) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("relay", relay);
        json.putAll(events.json());
        json.put("leftOut", leftOut.stream().map(LeftOut::json).toList());
        json.put("published", outcome != null);
        if (outcome != null) {
            json.put("confirmed", outcome.confirmed());
            json.put("failure", outcome.failure());
            json.put("unconfirmed", outcome.unconfirmed());
            json.put("unsent", outcome.unsent());
            json.put("last", outcome.last());
        }
        return json;
    }

    private void account(Replay.Outcome outcome, int of, Instant now) {
        String confirmed = "%d of %d confirmed".formatted(outcome.confirmed(), of);
        if (outcome.failure() == null) {
            setup.say(confirmed + ".");
            return;
        }
        setup.say("%s, then: %s. %d sent and not confirmed, which may have arrived or not; %d not sent."
                .formatted(
                        confirmed,
                        outcome.failure(),
                        outcome.unconfirmed().size(),
                        outcome.unsent().size()));
        setup.say("To go on: events republish %s%s"
                .formatted(selection.asOptions(now), outcome.last() == null ? "" : " --after=" + outcome.last()));
    }
}
