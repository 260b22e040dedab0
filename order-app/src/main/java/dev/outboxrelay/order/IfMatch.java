package dev.outboxrelay.order;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RFC 9110, section 13.1.1: the versions of which the order must have one.
 *
 * @param tags as they stand in ETag; empty where any will do
 */
record IfMatch(Set<String> tags) {
    static final IfMatch ANY = new IfMatch(Set.of());

    /** A tag, or none (section 5.6.1.2), up to the next comma or the end: one by one, since a header holds thousands. */
    private static final Pattern NEXT = Pattern.compile("\\G[ \t]*(?:((?:W/)?\"[!#-~]*\")[ \t]*)?(?:,|\\z)");

    /** Empty where the header is malformed. */
    static Optional<IfMatch> parse(String header) {
        String value = header.strip();
        if (value.equals("*")) {
            return Optional.of(ANY);
        }
        Set<String> tags = new HashSet<>();
        Matcher next = NEXT.matcher(value);
        int end = 0;
        while (next.find()) {
            if (next.group(1) != null) {
                tags.add(next.group(1));
            }
            end = next.end();
        }
        return tags.isEmpty() || end < value.length() ? Optional.empty() : Optional.of(new IfMatch(tags));
    }

    /** By strong comparison: a weak tag never matches. */
    boolean matches(Order order) {
        return tags.isEmpty() || tags.contains("\"" + order.version() + "\"");
    }
}
