package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Confirmations.Standing;
import dev.outboxrelay.relay.ConfirmedSender.RefusedException;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore.Unconfirmed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes unconfirmed events again, a few times, until they are confirmed or given up. One too many does no harm: a consumer
 * recognises it by its id. A relay that dies here tries them again, without having counted.
 */
final class Redrive {

    /** In every message that is published again: for which time. */
    static final String HEADER = "redriven";

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final int PAGE = 1_000;
    /** Published again at most before the next look. */
    private static final int MOST = 10_000;
    /** Rows in memory at a time, each as large as the broker takes. */
    private static final int BATCH = 10;
    /** What so many meet is no matter of single events. */
    private static final int MOST_REFUSALS = 10;

    private static final int NAMED = 10;

    private final RelayConfig config;
    private final RelayConfig.Verification rules;
    private final Publisher.Opener broker;
    private final UnconfirmedStore store;
    private final Confirmations confirmations;
    private final RelayMetrics metrics;

    Redrive(Relay relay, Confirmations confirmations) {
        config = relay.config();
        rules = config.verification();
        broker = relay.broker();
        store = relay.books().unconfirmed();
        this.confirmations = confirmations;
        metrics = relay.metrics();
    }

    /**
     * Forgets what has been confirmed or deleted meanwhile, and publishes again what is due.
     *
     * @return how many are open
     * @throws IOException when no broker can be reached
     */
    long drive(OutboxReader outbox, Instant now) throws IOException, InterruptedException {
        Instant late = now.minus(rules.after());
        List<Unconfirmed> due = new ArrayList<>();
        long open = 0;
        long missing = 0;
        List<Unconfirmed> page = store.list(0, PAGE);
        while (!page.isEmpty()) {
            for (Unconfirmed event : left(outbox, page, late)) {
                boolean hadTime = event.triedAt() == null || !event.triedAt().isAfter(late);
                boolean tried = event.redriven() >= rules.redrives();
                open++;
                missing += hadTime && tried ? 1 : 0;
                if (hadTime && !tried && due.size() < MOST) {
                    due.add(event);
                }
            }
            page = store.list(page.get(page.size() - 1).number(), PAGE);
        }
        metrics.unconfirmed(open, missing);
        publish(outbox, due);
        return open;
    }

    /** What is open and late of these. Those that are done with or gone are forgotten; those that had all their tries are named, once. */
    private List<Unconfirmed> left(OutboxReader outbox, List<Unconfirmed> events, Instant late) {
        Map<String, Standing> standings =
                confirmations.of(events.stream().map(Unconfirmed::event).toList());
        Set<String> standing = outbox
                .keys(events.stream().map(Unconfirmed::event).collect(Collectors.toSet()))
                .stream()
                .map(Redrive::name)
                .collect(Collectors.toSet());
        Set<Unconfirmed> over = events.stream()
                .filter(event -> !standing.contains(name(event)) || isConcluded(standings.get(event.event())))
                .collect(Collectors.toSet());
        store.remove(over);
        tellOfGone(over, standings);
        List<Unconfirmed> left = events.stream()
                .filter(event -> event.isOpen() && !over.contains(event))
                .filter(event -> {
                    Standing has = standings.get(event.event());
                    return has == null || !has.isInHand(late);
                })
                .toList();
        giveUp(left, late);
        return left;
    }

    private void tellOfGone(Set<Unconfirmed> over, Map<String, Standing> standings) {
        List<String> gone = over.stream()
                .filter(event -> event.isOpen() && !isConcluded(standings.get(event.event())))
                .map(Unconfirmed::event)
                .toList();
        if (!gone.isEmpty()) {
            log.error(
                    "{} events were deleted from the outbox although {} had not confirmed them: {}",
                    gone.size(),
                    rules.consumer(),
                    named(gone));
        }
    }

    private void giveUp(List<Unconfirmed> left, Instant late) {
        List<Unconfirmed> tried = left.stream()
                .filter(event -> !event.givenUp() && event.redriven() >= rules.redrives())
                .filter(event -> event.triedAt() == null || !event.triedAt().isAfter(late))
                .toList();
        if (!tried.isEmpty()) {
            store.giveUp(tried);
            log.error(
                    "{} events were published {} times more and not confirmed by {}: {}. They stay until they are; see outbox-relay audit",
                    tried.size(),
                    rules.redrives(),
                    rules.consumer(),
                    named(tried.stream().map(Unconfirmed::event).toList()));
        }
    }

    /** What the broker does not take is tried again when it is due again, not counted, and in nobody's way. */
    private void publish(OutboxReader outbox, List<Unconfirmed> due) throws IOException, InterruptedException {
        if (due.isEmpty()) {
            return;
        }
        log.warn(
                "{} events that {} has not confirmed within {} s are published again: {}",
                due.size(),
                rules.consumer(),
                rules.after().toSeconds(),
                named(due.stream().map(Unconfirmed::event).toList()));
        int refusals = 0;
        for (int from = 0; from < due.size() && refusals < MOST_REFUSALS; from += BATCH) {
            refusals += publishBatch(outbox, due.subList(from, Math.min(due.size(), from + BATCH)));
        }
    }

    /** Each alone, so that it is known of each what became of it; returns how many were refused. */
    private int publishBatch(OutboxReader outbox, List<Unconfirmed> batch) throws IOException, InterruptedException {
        List<Unconfirmed> confirmed = new ArrayList<>();
        int refused = 0;
        ConfirmedSender sender = open();
        try {
            store.tries(batch);
            for (Sending sending : rows(outbox, batch)) {
                if (!sender.isUsable()) {
                    sender.close();
                    sender = open();
                }
                try {
                    sender.send(sending.message());
                    sender.settle();
                    confirmed.add(sending.event());
                } catch (RefusedException e) {
                    refused++;
                    log.warn(
                            "An event could not be published again, which is tried in {}: {}",
                            rules.after(),
                            e.getMessage());
                }
            }
        } finally {
            sender.close();
            store.redriven(confirmed);
            metrics.redriven(confirmed.size());
        }
        return refused;
    }

    private ConfirmedSender open() throws IOException {
        return ConfirmedSender.open(broker, 1, config.confirmTimeout());
    }

    private record Sending(Unconfirmed event, OutboxMessage message) {}

    private static List<Sending> rows(OutboxReader outbox, List<Unconfirmed> batch) {
        Map<String, Unconfirmed> wanted =
                batch.stream().collect(Collectors.toMap(Redrive::name, event -> event, (one, same) -> one));
        List<RowKey> keys = outbox.keys(batch.stream().map(Unconfirmed::event).collect(Collectors.toSet())).stream()
                .filter(key -> wanted.containsKey(name(key)))
                .toList();
        List<Sending> rows = new ArrayList<>();
        for (Mapped row : outbox.read(keys)) {
            Unconfirmed event = wanted.get(row.table() + ' ' + row.id());
            if (event != null && row instanceof Mapped.Message fit) {
                rows.add(new Sending(event, fit.message().withHeader(HEADER, event.redriven() + 1)));
            }
        }
        return rows;
    }

    private static boolean isConcluded(@Nullable Standing standing) {
        return standing != null && standing.concluded();
    }

    private static String name(Unconfirmed event) {
        return event.table() + ' ' + event.event();
    }

    private static String name(RowKey key) {
        return key.table() + " " + key.text();
    }

    private static String named(List<String> events) {
        return String.join(" ", events.subList(0, Math.min(NAMED, events.size())))
                + (events.size() > NAMED ? " …" : "");
    }
}
