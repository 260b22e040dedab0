package dev.outboxrelay.order;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of draft-ietf-httpapi-idempotency-key-header-07: a structured-field string (RFC 8941), or a bare value. */
final class IdempotencyKeyHeader {
    static final String NAME = "Idempotency-Key";
    static final int MAX_LENGTH = 255;

    /** All of it escaped, and in quotes. Longer ones are not looked at: the pattern takes a step of the stack for each character. */
    private static final int MAX_VALUE = 2 * MAX_LENGTH + 2;

    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])+)\"");
    private static final Pattern BARE = Pattern.compile("[!#-+\\--\\[\\]-~]+");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private IdempotencyKeyHeader() {}

    /** The key, without quotes and escapes; empty where the value is neither form, or longer than {@link #MAX_LENGTH}. */
    static Optional<String> parse(String value) {
        String stripped = value.strip();
        return stripped.length() > MAX_VALUE
                ? Optional.empty()
                : unquote(stripped).filter(key -> key.length() <= MAX_LENGTH);
    }

    private static Optional<String> unquote(String value) {
        Matcher quoted = QUOTED.matcher(value);
        if (quoted.matches()) {
            return Optional.of(ESCAPED.matcher(quoted.group(1)).replaceAll("$1"));
        }
        return BARE.matcher(value).matches() ? Optional.of(value) : Optional.empty();
    }
}
