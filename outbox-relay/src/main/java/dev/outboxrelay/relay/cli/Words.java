package dev.outboxrelay.relay.cli;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Durations and counts as people say them. */
public final class Words {

    private static final String UNITS = "kMGTPE";

    private Words() {}

    /** The two largest units: {@code 6d 23h}, {@code 4m 10s}, {@code 1.2s}; {@code unknown} for null. */
    public static String of(@Nullable Duration length) {
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
    public static String count(@Nullable Long count, String what) {
        return (count == null ? "unknown" : count) + " " + what + (count != null && count == 1 ? "" : "s");
    }

    /** {@code 812 B}, {@code 3.4 MB}; each unit 1024 times the one before. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, UNITS.charAt(unit));
    }

    static @Nullable Long seconds(@Nullable Duration length) {
        return length == null ? null : length.toSeconds();
    }
}
