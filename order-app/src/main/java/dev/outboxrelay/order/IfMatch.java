package dev.outboxrelay.order;

import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * RFC 9110, section 13.1.1: the versions of which the order must have one.
 *
 * @param tags as they stand in ETag; empty where any will do
 */
record IfMatch(Set<String> tags) {
    static final IfMatch ANY = new IfMatch(Set.of());

    private static final String TAG = "(?:W/)?\"[!#-~]*\"";
    private static final Pattern LIST = Pattern.compile(TAG + "(?:[ \t]*,[ \t]*" + TAG + ")*");
    private static final Pattern ONE = Pattern.compile(TAG);

    /** Empty where the header is malformed. */
    static Optional<IfMatch> parse(String header) {
        String value = header.strip();
        if (value.equals("*")) {
            return Optional.of(ANY);
        }
        return LIST.matcher(value).matches()
                ? Optional.of(new IfMatch(
                        ONE.matcher(value).results().map(MatchResult::group).collect(Collectors.toSet())))
                : Optional.empty();
    }

    /** By strong comparison: a weak tag never matches. */
    boolean matches(Order order) {
        return tags.isEmpty() || tags.contains("\"" + order.version() + "\"");
    }
}
