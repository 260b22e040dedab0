package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.cli.Words;
import java.time.Duration;
import java.time.Instant;

/** Another machine's clock beside ours. */
final class Clocks {

    private static final Duration TOLERATED = Duration.ofSeconds(1);
    private static final Duration NOTICED = Duration.ofMillis(100);

    private Clocks() {}

    /**
     * Compares them.
     *
     * @param grain how coarse the other clock's answer is: the truth is up to so much later
     * @param before our time when we asked
     * @param after our time when the answer came
     */
    static Outcome compare(Instant theirs, Duration grain, Instant before, Instant after) {
        Duration behind = Duration.between(theirs.plus(grain), before);
        Duration ahead = Duration.between(after, theirs);
        boolean isBehind = behind.compareTo(ahead) > 0;
        Duration apart = isBehind ? behind : ahead;
        if (apart.compareTo(TOLERATED) > 0) {
            return Outcome.warning(
                    "its clock is %s %s this machine's: ages and lags are wrong by that much"
                            .formatted(Words.of(apart), isBehind ? "behind" : "ahead of"),
                    "Set both clocks by NTP: timedatectl set-ntp true");
        }
        return Outcome.ok(
                apart.compareTo(NOTICED) > 0
                        ? "differs from this machine's clock by " + Words.of(apart)
                        : "differs from this machine's clock by less than %s".formatted(Words.of(NOTICED.plus(grain))));
    }
}
