package dev.outboxrelay.relay.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations and counts as people say them. */
final class Words {

    private Words() {}

    /** The two largest units: {@code 6d 23h}, {@code 4m 10s}, {@code 1.2s}; {@code unknown} for null. */
    static String of(@Nullable Duration length) {
        if (length == null) {
            return "unknown";
        }
        if (length.isNegative()) {
            return "0s";
        }
        if (length.toDays() > 0) {
            return length.toDays() + "d " + length.toHoursPart() + "h";
        }
        if (length.toHours() > 0) {
            return length.toHours() + "h " + length.toMinutesPart() + "m";
        }
        if (length.toMinutes() > 0) {
            return length.toMinutes() + "m " + length.toSecondsPart() + "s";
        }
        return length.toMillisPart() / 100 == 0 || length.toSeconds() >= 10
                ? length.toSeconds() + "s"
                : length.toSeconds() + "." + length.toMillisPart() / 100 + "s";
    }

    /** {@code 1 event}, {@code 2 events}, {@code unknown events}. */
    static String count(@Nullable Long count, String what) {
        return (count == null ? "unknown" : count) + " " + what + (count != null && count == 1 ? "" : "s");
    }

    static @Nullable Long seconds(@Nullable Duration length) {
        return length == null ? null : length.toSeconds();
    }
}
