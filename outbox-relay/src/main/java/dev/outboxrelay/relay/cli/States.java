package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.RelayState;
import dev.outboxrelay.relay.offsets.LeaseStore.Tenure;
import dev.outboxrelay.relay.offsets.StateStore;
import dev.outboxrelay.relay.offsets.StateStore.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * What the relays of one name say that they are doing, and whether that can still be true: one that was killed says nothing any
 * more.
 *
 * @param said by each, the newest first; null where the schema has no table for it, or it may not be read
 * @param tenure null where no relay of this name has ever held the lease
 */
record States(@Nullable List<Said> said, @Nullable Tenure tenure) {

    /** Silent for so long, it is not there any more. */
    private static final Duration SILENCE = StateStore.INTERVAL.multipliedBy(3);

    static States of(Operator operator, @Nullable Tenure tenure) {
        try {
            return new States(operator.states().all(), tenure);
        } catch (BadSqlGrammarException e) {
            // Relays run without it, so this command does too.
            return new States(null, tenure);
        }
    }

    /** That of the relay that matters: the lease's holder, or else one that tries, or else the last one that said anything. */
    private @Nullable Said first() {
        if (said == null) {
            return null;
        }
        if (isHeld()) {
            return said.stream().filter(this::hasLease).findFirst().orElse(null);
        }
        return said.stream()
                .filter(this::isCurrent)
                .filter(each -> each.state() != RelayState.STANDBY)
                .findFirst()
                .orElse(said.isEmpty() ? null : said.get(0));
    }

    /** Those that are there besides that one. */
    private List<Said> others() {
        Said first = first();
        return said == null
                ? List.of()
                : said.stream()
                        .filter(each -> !each.equals(first) && isCurrent(each))
                        .toList();
    }

    /** Whether any relay holds the lease now. */
    boolean isHeld() {
        return tenure != null && tenure.isHeld();
    }

    /** Whether one is there that does not stand by, between two tries: it holds no lease for as long. */
    boolean isBetweenTries() {
        Said first = first();
        return !isHeld() && first != null && isCurrent(first) && first.state() != RelayState.STANDBY;
    }

    private boolean hasLease(Said each) {
        return tenure != null && tenure.isHeld() && tenure.owner().equals(each.owner());
    }

    private boolean isCurrent(Said each) {
        return each.state() != RelayState.STOPPED
                && each.age().compareTo(SILENCE) < 0
                && (!each.state().needsLease() || hasLease(each));
    }

    void addTo(Map<String, @Nullable Object> table) {
        table.put("state", words());
        List<Said> others = others();
        table.put(
                "others",
                others.isEmpty()
                        ? null
                        : others.stream()
                                .map(each ->
                                        "%s for %s: %s".formatted(each.state(), Words.of(each.lasts()), each.owner()))
                                .collect(Collectors.joining("; ")));
    }

    private String words() {
        if (said == null) {
            return "unknown: relay_state is not there, or may not be read; flyway makes it";
        }
        Said first = first();
        if (first == null) {
            return "unknown: " + (isHeld() ? "the relay does not say" : "no relay has ever said");
        }
        if (first.state() == RelayState.STOPPED) {
            return "STOPPED %s ago".formatted(Words.of(first.lasts()));
        }
        return isCurrent(first)
                ? "%s for %s: %s".formatted(first.state(), Words.of(first.lasts()), first.reason())
                : "unknown: %s said %s %s ago, and then nothing more; it was killed, or can't reach MySQL"
                        .formatted(first.owner(), first.state(), Words.of(first.age()));
    }

    void addToJson(Map<String, @Nullable Object> json) {
        Said first = first();
        json.put("state", first == null ? null : first.state().name());
        json.put("stateIsCurrent", first != null && (first.state() == RelayState.STOPPED || isCurrent(first)));
        json.put("reason", first == null ? null : first.reason());
        json.put("secondsInState", first == null ? null : first.lasts().toSeconds());
        json.put("secondsSinceSaid", first == null ? null : first.age().toSeconds());
        List<Map<String, Object>> others = new ArrayList<>();
        others().forEach(each -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("owner", each.owner());
            fields.put("state", each.state().name());
            fields.put("reason", each.reason());
            fields.put("secondsInState", each.lasts().toSeconds());
            others.add(fields);
        });
        json.put("others", others);
    }
}
