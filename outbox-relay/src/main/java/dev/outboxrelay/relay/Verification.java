package dev.outboxrelay.relay;

import static dev.outboxrelay.relay.RelayConfig.check;
import static dev.outboxrelay.relay.RelayConfig.checkPositive;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code relay.verification.*}: finds what was published and never confirmed by its consumer, and publishes it again.
 *
 * @param confirmations {@code schema.table}, or view, in which the consumer says what it has, see {@link Confirmations}; empty:
 *     nothing is verified
 * @param consumer as it calls itself there
 * @param aggregateTypes what it consumes; empty: everything
 * @param after how long it may take, and the pause between two tries
 * @param redrives so often an event is published again
 * @param interval between two looks
 */
public record Verification(
        @DefaultValue("") String confirmations,
        @DefaultValue("mail-worker") String consumer,
        @DefaultValue List<String> aggregateTypes,
        @DefaultValue("5m") Duration after,
        @DefaultValue("3") int redrives,
        @DefaultValue("1m") Duration interval) {

    private static final Pattern ASCII = Pattern.compile("[\\x21-\\x7e]+");

    /** Whether anything is verified. */
    public boolean isOn() {
        return !confirmations.isEmpty();
    }

    void addProblems(List<String> problems, RelayConfig.Janitor janitor) {
        check(
                problems,
                !isOn() || OutboxTable.isPlain(confirmations),
                "relay.verification.confirmations",
                confirmations,
                "schema.table, or schema.view, in which the consumer says what it has");
        check(
                problems,
                ASCII.matcher(consumer).matches(),
                "relay.verification.consumer",
                consumer,
                "what the consumer calls itself there, in ASCII");
        checkPositive(problems, "relay.verification.after", after);
        checkPositive(problems, "relay.verification.interval", interval);
        check(problems, redrives >= 0, "relay.verification.redrives", redrives, "at least 0");
        Duration needed = after.multipliedBy(redrives + 2L);
        check(
                problems,
                !isOn() || !janitor.enabled() || janitor.retention().compareTo(needed) > 0,
                "relay.janitor.retention",
                janitor.retention(),
                "more than relay.verification.after times (redrives + 2), " + needed
                        + ", while deliveries are verified");
    }
}
