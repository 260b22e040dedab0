package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Confirmations.Standing;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore.Unconfirmed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final int PAGE = 1_000;
    /** So many are underway again at a time: a consumer that is slow, and not broken, must not be buried. */
    private static final int MOST = 1_000;

    private static final int NAMED = 10;

    private final RelayConfig config;
    private final Verification rules;
    private final Outbox tables;
    private final Publisher.Opener broker;
    private final UnconfirmedStore store;
    private final Confirmations confirmations;
    private final RelayMetrics metrics;

    Redrive(Relay relay, Confirmations confirmations) {
        config = relay.config();
        rules = config.verification();
        tables = relay.outbox();
        broker = relay.broker();
        store = relay.books().unconfirmed();
        this.confirmations = confirmations;
        metrics = relay.metrics();
    }

    /**
     * Forgets what has been confirmed or deleted meanwhile, and publishes again what is due.
     *
     * @return how many are open and not given up
     * @throws IOException when no broker can be reached
     */
    long drive(Instant now) throws IOException, InterruptedException {
        Instant late = now.minus(rules.after());
        OutboxReader outbox = new OutboxReader(tables.jdbc(), config);
        List<Unconfirmed> open = new ArrayList<>();
        List<Unconfirmed> page = store.list(0, PAGE);
        while (!page.isEmpty()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            open.addAll(late(outbox, page, late));
            page = store.list(page.get(page.size() - 1).number(), PAGE);
        }
        giveUp(open, late);
        long missing = open.stream().filter(event -> isTried(event, late)).count();
        metrics.unconfirmed(open.size(), missing);
        publish(outbox, due(open, late));
        return open.size() - missing;
    }

    /** What is open and late of these. Those that the consumer is done with and those that are gone are forgotten. */
    private List<Unconfirmed> late(OutboxReader outbox, List<Unconfirmed> events, Instant late) {
        Map<String, Standing> standings =
                confirmations.of(events.stream().map(Unconfirmed::event).toList());
        Set<String> standing =
                outbox.keys(ids(events)).stream().map(Redrive::name).collect(Collectors.toSet());
        Set<Unconfirmed> over = events.stream()
                .filter(event -> !standing.contains(name(event)) || isConcluded(standings.get(event.event())))
                .collect(Collectors.toSet());
        store.remove(over);
        List<Unconfirmed> gone = over.stream()
                .filter(event -> event.isOpen() && !isConcluded(standings.get(event.event())))
                .toList();
        if (!gone.isEmpty()) {
            log.error(
                    "{} events were deleted from the outbox although {} had not confirmed them: {}",
                    gone.size(),
                    rules.consumer(),
                    named(gone));
        }
        return events.stream()
                .filter(event -> event.isOpen() && !over.contains(event))
                .filter(event -> !isInHand(standings.get(event.event()), late))
                .toList();
    }

    private void giveUp(List<Unconfirmed> open, Instant late) {
        List<Unconfirmed> tried = open.stream()
                .filter(event -> isTried(event, late) && !event.givenUp())
                .toList();
        if (!tried.isEmpty()) {
            store.giveUp(tried);
            log.error(
                    "{} events were published {} times more and not confirmed by {}: {}. They are missing until they are; see outbox-relay audit",
                    tried.size(),
                    rules.redrives(),
                    rules.consumer(),
                    named(tried));
        }
    }

    /** Those first that have waited longest, so that what the broker refuses again and again is in nobody's way. */
    private List<Unconfirmed> due(List<Unconfirmed> open, Instant late) {
        long underway = open.stream()
                .filter(event -> event.redriven() > 0 && !isTried(event, late))
                .count();
        List<Unconfirmed> due = open.stream()
                .filter(event -> hadTime(event, late) && event.redriven() < rules.redrives())
                .sorted(Comparator.comparing(Unconfirmed::triedAt, Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
        List<Unconfirmed> again =
                due.stream().filter(event -> event.redriven() > 0).toList();
        List<Unconfirmed> chosen = new ArrayList<>(again);
        due.stream()
                .filter(event -> event.redriven() == 0)
                .limit(Math.max(0, MOST - underway))
                .forEach(chosen::add);
        return chosen;
    }

    private void publish(OutboxReader outbox, List<Unconfirmed> due) throws IOException, InterruptedException {
        if (due.isEmpty()) {
            return;
        }
        log.warn(
                "{} events that {} has not confirmed within {} s are published again: {}",
                due.size(),
                rules.consumer(),
                rules.after().toSeconds(),
                named(due));
        try (RedriveSender sender = new RedriveSender(outbox, broker, config.confirmTimeout())) {
            sender.send(due, store, metrics);
        }
    }

    private boolean isTried(Unconfirmed event, Instant late) {
        return event.redriven() >= rules.redrives() && hadTime(event, late);
    }

    private static boolean hadTime(Unconfirmed event, Instant late) {
        Instant triedAt = event.triedAt();
        return triedAt == null || !triedAt.isAfter(late);
    }

    private static boolean isConcluded(@Nullable Standing standing) {
        return standing != null && standing.concluded();
    }

    private static boolean isInHand(@Nullable Standing standing, Instant late) {
        return standing != null && standing.isInHand(late);
    }

    private static Set<String> ids(Collection<Unconfirmed> events) {
        return events.stream().map(Unconfirmed::event).collect(Collectors.toSet());
    }

    private static String name(Unconfirmed event) {
        return event.table() + ' ' + event.event();
    }

    private static String name(RowKey key) {
        return key.table() + " " + key.text();
    }

    private static String named(List<Unconfirmed> events) {
        return events.stream().limit(NAMED).map(Unconfirmed::event).collect(Collectors.joining(" "))
                + (events.size() > NAMED ? " …" : "");
    }
}
