package dev.outboxrelay.relay;

import dev.outboxrelay.relay.Confirmations.Standing;
import dev.outboxrelay.relay.WrittenRows.Written;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore.Found;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds events that were published and that the consumer is not done with in time. What becomes of them: {@link Redrive}.
 *
 * <p>Each event is looked at once, in the order of writing, up to a place that is remembered; what is found is remembered with it.
 */
final class Verifier implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Verifier.class);
    /** Rows looked at together: where not all of them are confirmed, the relay is waited for. */
    private static final int PAGE = 10_000;
    /** Rows among which one is looked for that the consumer has. */
    private static final int SAMPLE = 200;
    /** How old they are, in hundredths of what may be late. */
    private static final int[] SAMPLED = {0, 1, 10, 100, 1_000, 10_000};

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int LOOKS_BETWEEN_WORDS = 60;

    private final RelayConfig config;
    private final Verification rules;
    private final Outbox tables;
    private final UnconfirmedStore store;
    private final Confirmations confirmations;
    private final Redrive redrive;
    private final Published published;
    private final RelayMetrics metrics;
    private String trouble = "";
    private int looksInTrouble;
    private long open;

    /** @param published waited for before it is taken for granted that a consumer could have what stands in a table */
    Verifier(Relay relay, Published published) {
        config = relay.config();
        rules = config.verification();
        tables = relay.outbox();
        store = relay.books().unconfirmed();
        confirmations = new Confirmations(tables.jdbc(), rules);
        redrive = new Redrive(relay, confirmations);
        this.published = published;
        metrics = relay.metrics();
    }

    /** Works until its thread is interrupted. A failure costs a pause, never the relay. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(rules.interval().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            metrics.verifiesNoMore();
        }
    }

    private void look() throws InterruptedException {
        try {
            Instant now = store.now();
            IOException brokerAway = driven(now);
            find(now);
            if (brokerAway != null) {
                throw brokerAway;
            }
            trouble = "";
        } catch (IOException | RuntimeException e) {
            metrics.verifiesNoMore();
            String before = trouble;
            trouble = RootCause.of(e);
            looksInTrouble = trouble.equals(before) ? looksInTrouble + 1 : 0;
            if (looksInTrouble % LOOKS_BETWEEN_WORDS == 0
                    && !Thread.currentThread().isInterrupted()) {
                log.warn(
                        "Deliveries can't be verified or driven again, and what is not verified is not deleted; tried on and on: {}",
                        trouble);
            }
        }
    }

    /** What is lost can be found also while no broker can be reached; returns why none can. */
    private @Nullable IOException driven(Instant now) throws InterruptedException {
        try {
            redrive.drive(now);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void find(Instant now) throws InterruptedException {
        WrittenRows rows = new WrittenRows(tables.jdbc(), config);
        open = redrive.open();
        Instant unverified = now;
        for (OutboxTable table : rows.tables()) {
            Instant from = find(rows, table, now);
            unverified = from != null && from.isBefore(unverified) ? from : unverified;
        }
        metrics.unverified(Duration.between(unverified, now));
    }

    /**
     * Remembers what the consumer does not have or is not done with, as far as that can be told.
     *
     * @return when the first one was written of which it can't be told yet; null where there is none
     */
    private @Nullable Instant find(WrittenRows rows, OutboxTable table, Instant now) throws InterruptedException {
        Instant late = now.minus(rules.after());
        Instant verified = store.verifiedTo(table.toString());
        Instant passed = passed(rows, table, verified, now);
        Written last = null;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            List<Written> page = rows.oldest(table, verified, last, late, PAGE);
            if (page.isEmpty()) {
                store.verified(table.toString(), List.of(), late);
                return null;
            }
            int judged = judge(table, page, passed);
            if (judged < page.size()) {
                return page.get(judged).at();
            }
            last = page.get(judged - 1);
        }
    }

    /** Returns of how many of these rows, the oldest first, it can be told. */
    private int judge(OutboxTable table, List<Written> page, @Nullable Instant passed) throws InterruptedException {
        Map<String, Standing> standings = new HashMap<>(standings(page));
        if (page.stream().anyMatch(row -> !isConcluded(standings.get(row.id())))) {
            if (!published.await(PAUSE, LONGEST_WAIT)) {
                return 0;
            }
            standings.putAll(standings(page));
        }
        boolean isLast = page.size() < PAGE;
        Instant upTo = Judgement.upTo(page, row -> !standings.containsKey(row.id()), isLast, passed, open);
        if (upTo == null) {
            return 0;
        }
        List<Written> judged =
                page.stream().filter(row -> !row.at().isAfter(upTo)).toList();
        Instant last = judged.get(judged.size() - 1).at();
        List<Found> found = judged.stream()
                .filter(row -> !isConcluded(standings.get(row.id())))
                .map(row -> new Found(row.id(), row.at()))
                .toList();
        open += found.size();
        store.verified(
                table.toString(),
                found,
                // Of the last moment there may be more rows on the next page.
                isLast || judged.size() < page.size() ? last : last.minusNanos(1_000));
        return judged.size();
    }

    /**
     * Up to when the consumer has passed everything over: it has an event that was written so much later as it may be late. Where
     * there are many, the newest ones are still on their way; then the sample is taken further back.
     */
    private @Nullable Instant passed(WrittenRows rows, OutboxTable table, Instant verified, Instant now) {
        for (int part : SAMPLED) {
            Instant upTo = now.minus(rules.after().multipliedBy(part).dividedBy(100));
            List<Written> newest = rows.newest(table, verified, upTo, SAMPLE);
            Map<String, Standing> standings = standings(newest);
            Instant has = newest.stream()
                    .filter(row -> standings.containsKey(row.id()))
                    .map(Written::at)
                    .findFirst()
                    .orElse(null);
            if (has != null) {
                return has.minus(rules.after());
            }
        }
        return null;
    }

    private Map<String, Standing> standings(List<Written> rows) {
        return confirmations.of(rows.stream().map(Written::id).toList());
    }

    private static boolean isConcluded(@Nullable Standing standing) {
        return standing != null && standing.concluded();
    }

    /** Started for one run. */
    static Thread start(Verifier verifier) {
        Thread thread = new Thread(verifier, "outbox-verifier");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
