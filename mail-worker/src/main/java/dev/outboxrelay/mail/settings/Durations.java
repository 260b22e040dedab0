package dev.outboxrelay.mail.settings;

import java.time.Duration;

/** Durations as people write them. */
public final class Durations {
    private Durations() {}

    /** In the largest unit that leaves no remainder, such as {@code 90s}, {@code 10m} or {@code 250ms}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 60_000 == 0 ? millis / 60_000 + "m" : millis / 1000 + "s";
    }
}
