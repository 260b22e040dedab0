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

    private static final int MOST_CANDIDATES = 10_000;
    private static final int NAMED = 10;

    private final RelayConfig config;
    private final Verification rules;
    private final Outbox tables;
    private final Publisher.Opener broker;
    private final UnconfirmedStore store;
    private final Confirmations confirmations;
    private final RelayMetrics metrics;
    private long open;

    Redrive(Relay relay, Confirmations confirmations) {
        config = relay.config();
        rules = config.verification();
        tables = relay.outbox();
        broker = relay.broker();
        store = relay.books().unconfirmed();
        this.confirmations = confirmations;
        metrics = relay.metrics();
    }

    /** How many were open and not given up, at the last look. */
    long open() {
        return open;
    }

    /**
     * Forgets what has been confirmed or deleted meanwhile, and publishes again what is due.
     *
     * @throws IOException when no broker can be reached
     */
    void drive(Instant now) throws IOException, InterruptedException {
        Instant late = now.minus(rules.after());
        OutboxReader outbox = new OutboxReader(tables.jdbc(), config);
        List<Unconfirmed> due = new ArrayList<>();
        long all = 0;
        long missing = 0;
        long underway = 0;
        List<Unconfirmed> page = store.list(0, PAGE);
        while (!page.isEmpty()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            List<Unconfirmed> open = late(outbox, page, late);
            List<Unconfirmed> tried =
                    open.stream().filter(event -> isTried(event, late)).toList();
            giveUp(tried);
            all += open.size();
            missing += tried.size();
            underway += open.stream().filter(event -> event.redriven() > 0).count() - tried.size();
            open.stream()
                    .filter(event -> hadTime(event, late) && event.redriven() < rules.redrives())
                    .limit(MOST_CANDIDATES - due.size())
                    .forEach(due::add);
            page = store.list(page.get(page.size() - 1).number(), PAGE);
        }
        open = all - missing;
        metrics.unconfirmed(all, missing);
        publish(outbox, chosen(due, Math.max(0, MOST - underway)));
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

    private void giveUp(List<Unconfirmed> tried) {
        List<Unconfirmed> now = tried.stream().filter(event -> !event.givenUp()).toList();
        if (!now.isEmpty()) {
            store.giveUp(now);
            log.error(
                    "{} events were published {} times more and not confirmed by {}: {}. They are missing until they are; see outbox-relay audit",
                    now.size(),
                    rules.redrives(),
                    rules.consumer(),
                    named(now));
        }
    }

    /**
     * All that were begun, and of the others no more than that many: those first that have waited longest, so that what the
     * broker refuses again and again is in nobody's way.
     */
    private static List<Unconfirmed> chosen(List<Unconfirmed> due, long others) {
        List<Unconfirmed> chosen = new ArrayList<>(
                due.stream().filter(event -> event.redriven() > 0).toList());
        due.stream()
                .filter(event -> event.redriven() == 0)
                .sorted(Comparator.comparing(Unconfirmed::triedAt, Comparator.nullsFirst(Comparator.naturalOrder())))
                .limit(others)
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
