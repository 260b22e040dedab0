package dev.outboxrelay.chaos;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as people write it: 90s, 10m, 2h. */
final class Lengths implements ITypeConverter<Duration> {

    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([smh])");
    private static final Duration LONGEST = Duration.ofHours(24);

    @Override
    public Duration convert(String text) {
        Matcher length = LENGTH.matcher(text);
        if (length.matches()) {
            Duration given = Duration.parse("PT" + length.group(1) + length.group(2));
            if (!given.isZero() && given.compareTo(LONGEST) <= 0) {
                return given;
            }
        }
        throw new TypeConversionException(
                "'" + text + "' is no length of time from 1s to 24h; give a number and s, m or h, such as 90s or 10m");
    }
}
