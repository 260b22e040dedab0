package dev.outboxrelay.mail;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When to try again.
 *
 * @param delays the wait after the first, second, … attempt; the last one repeats
 * @param maxAge how old a message may be at its next attempt
 */
public record RetryPlan(List<Duration> delays, Duration maxAge) {
    public RetryPlan {
        delays = List.copyOf(delays);
        if (delays.isEmpty()) {
            throw new IllegalArgumentException("a retry plan needs at least one delay");
        }
    }

    /** The wait after this many attempts, or nothing when the message would be too old by then. */
    public Optional<Duration> next(int attempts, Duration age) {
        Duration delay = delays.get(Math.min(Math.max(attempts, 1), delays.size()) - 1);
        return age.plus(delay).compareTo(maxAge) > 0 ? Optional.empty() : Optional.of(delay);
    }
}
