package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Confirmations;
import dev.outboxrelay.relay.Confirmations.Standing;
import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.WrittenRows;
import dev.outboxrelay.relay.WrittenRows.Written;
import dev.outboxrelay.relay.offsets.UnconfirmedStore.Unconfirmed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.NonTransientDataAccessException;

/** What has become of each event that stands in the outbox. The consumer is asked about a missing one a second time, at the end. */
final class Audit {

    private static final int PAGE = 10_000;

    /** Where an event is that its consumer has not confirmed. */
    enum Place {
        /** Written so lately that it may be on its way. */
        RECENT,
        /** A relay has yet to publish it. */
        NOT_YET_PUBLISHED,
        /** In the relay's quarantine. */
        QUARANTINED,
        /** Somebody took it out of quarantine for good. */
        DROPPED,
        /** Published, or skipped by hand, and not confirmed although there was time. */
        MISSING
    }

    /**
     * An event that is missing.
     *
     * @param state what its consumer says of it all the same; null where that is nothing
     * @param redriven how often it was published again
     */
    record Missing(
            String table,
            String event,
            Instant at,
            @Nullable String state,
            int redriven) {}

    private record Name(String table, String event) {}

    private final Operator operator;
    private final Confirmations confirmations;
    private final Instant late;
    private final Map<String, Long> confirmed = new TreeMap<>();
    private final Map<Place, Long> unconfirmed = new TreeMap<>();
    private final List<Missing> missing = new ArrayList<>();
    private long undated;

    private Audit(Operator operator) {
        this.operator = operator;
        confirmations = new Confirmations(operator.jdbc(), operator.config().verification());
        late = operator.now().minus(operator.config().verification().after());
    }

    /**
     * Looks at every event that was written since then.
     *
     * @throws CommandException where it can't be known what has been published
     */
    static Audit since(Instant since, Operator operator) throws IOException {
        Audit audit = new Audit(operator);
        audit.require();
        WrittenRows rows = new WrittenRows(operator.jdbc(), operator.config());
        // A clock of an application may be ahead.
        Instant end = operator.now().plus(Duration.ofDays(1));
        audit.undated = rows.undated(end);
        Map<Name, Instant> open = new HashMap<>();
        Instant from = since.minusNanos(1_000);
        for (OutboxTable table : rows.tables()) {
            List<Written> page = rows.oldest(table, from, null, end, PAGE);
            while (!page.isEmpty()) {
                audit.look(table.toString(), page, open);
                page = rows.oldest(table, from, page.get(page.size() - 1), end, PAGE);
            }
        }
        audit.place(open);
        return audit;
    }

    private void require() {
        try {
            confirmations.require();
        } catch (NonTransientDataAccessException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "%s can't be read: %s"
                            .formatted(operator.config().verification().confirmations(), RootCause.of(e)));
        }
    }

    /** How many events their consumer has, by what it says of them. */
    Map<String, Long> confirmed() {
        return confirmed;
    }

    /** How many others there are. */
    Map<Place, Long> unconfirmed() {
        return unconfirmed;
    }

    List<Missing> missing() {
        return missing;
    }

    /** How many events can't be looked at, since they do not say when they were written, or say a time to come. */
    long undated() {
        return undated;
    }

    private void look(String table, List<Written> page, Map<Name, Instant> open) {
        Map<String, Standing> standings =
                confirmations.of(page.stream().map(Written::id).toList());
        for (Written row : page) {
            Standing standing = standings.get(row.id());
            if (standing != null && isThere(standing)) {
                confirmed.merge(standing.state(), 1L, Long::sum);
            } else {
                open.put(new Name(table, row.id()), row.at());
            }
        }
    }

    /** The relay's side first: what it has published by now, the consumer may have confirmed by then. */
    private void place(Map<Name, Instant> open) throws IOException {
        if (open.isEmpty()) {
            return;
        }
        Pending pending = Pending.of(operator, Long.MAX_VALUE);
        Map<Name, Unconfirmed> known = known();
        List<Name> names = List.copyOf(open.keySet());
        for (int from = 0; from < names.size(); from += PAGE) {
            List<Name> page = names.subList(from, Math.min(names.size(), from + PAGE));
            Map<String, Standing> standings =
                    confirmations.of(page.stream().map(Name::event).toList());
            for (Name name : page) {
                Standing standing = standings.get(name.event());
                if (standing != null && isThere(standing)) {
                    confirmed.merge(standing.state(), 1L, Long::sum);
                    continue;
                }
                Instant at = open.getOrDefault(name, late);
                Unconfirmed tries = known.get(name);
                Place place = place(pending.why(name.table(), name.event()), tries != null && tries.dropped(), at);
                unconfirmed.merge(place, 1L, Long::sum);
                if (place == Place.MISSING) {
                    missing.add(new Missing(
                            name.table(),
                            name.event(),
                            at,
                            standing == null ? null : standing.state(),
                            tries == null ? 0 : tries.redriven()));
                }
            }
        }
        missing.sort(Comparator.comparing(Missing::at).thenComparing(Missing::event));
    }

    private Place place(@Nullable LeftOut unpublished, boolean dropped, Instant at) {
        if (unpublished != null) {
            return unpublished.reason() == LeftOut.Reason.QUARANTINED ? Place.QUARANTINED : Place.NOT_YET_PUBLISHED;
        }
        if (dropped) {
            return Place.DROPPED;
        }
        return at.isAfter(late) ? Place.RECENT : Place.MISSING;
    }

    private Map<Name, Unconfirmed> known() {
        Map<Name, Unconfirmed> known = new HashMap<>();
        operator.unconfirmed()
                .list(0, Integer.MAX_VALUE)
                .forEach(event -> known.put(new Name(event.table(), event.event()), event));
        return known;
    }

    private boolean isThere(Standing standing) {
        return standing.concluded() || standing.isInHand(late);
    }
}
