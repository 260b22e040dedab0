package dev.outboxrelay.relay.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.boot.convert.DurationStyle;

/** Points in time as people type them. */
final class Times {

    private Times() {}

    /**
     * With an offset from UTC ({@code 2026-11-23T09:19:40Z}), or as a length of time ago ({@code 15m}).
     *
     * @throws CommandException for anything else
     */
    static Instant parse(String option, String text, Instant now) {
        try {
            return text.contains("T") && !text.startsWith("P")
                    ? OffsetDateTime.parse(text).toInstant()
                    : now.minus(length(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "%s: give a time with its offset, as 2026-11-23T09:19:40Z, or how long ago, as 15m; not %s"
                            .formatted(option, text));
        }
    }

    private static Duration length(String text) {
        return DurationStyle.detectAndParse(text);
    }
}
