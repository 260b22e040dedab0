package dev.outboxrelay.order;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of draft-ietf-httpapi-idempotency-key-header-07: a structured-field string (RFC 8941), or a bare value. */
final class IdempotencyKeyHeader {
    static final String NAME = "Idempotency-Key";
    static final int MAX_LENGTH = 255;

    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])+)\"");
    private static final Pattern BARE = Pattern.compile("[!#-+\\--\\[\\]-~]+");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private IdempotencyKeyHeader() {}

    /** The key, without quotes and escapes; empty where the value is neither form, or longer than {@link #MAX_LENGTH}. */
    static Optional<String> parse(String value) {
        return unquote(value.strip()).filter(key -> key.length() <= MAX_LENGTH);
    }

    private static Optional<String> unquote(String value) {
        Matcher quoted = QUOTED.matcher(value);
        if (quoted.matches()) {
            return Optional.of(ESCAPED.matcher(quoted.group(1)).replaceAll("$1"));
        }
        return BARE.matcher(value).matches() ? Optional.of(value) : Optional.empty();
    }
}
