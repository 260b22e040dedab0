package dev.outboxrelay.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text with column names in braces, such as {@code {aggregatetype}.{type}}; parsed once. */
public final class Template {

    /** Gives a column's value as text, or null where there is none. */
    @FunctionalInterface
    public interface Values {
        @Nullable String of(String column);
    }

    private record Part(String text, boolean column) {}

    private static final Pattern PART = Pattern.compile("\\{([\\w$]+)}|([^{}]+)");

    private final String source;
    private final List<Part> parts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = parts;
    }

    /**
     * Parses a template.
     *
     * @throws IllegalArgumentException for a brace that is not part of a {@code {column}}
     */
    public static Template parse(String source) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(source);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            String column = matcher.group(1);
            parts.add(column == null ? new Part(matcher.group(), false) : new Part(column, true));
            end = matcher.end();
        }
        if (end != source.length()) {
            throw new IllegalArgumentException(
                    "'" + source + "' is not a template: write column names in braces, as in {aggregatetype}.{type}");
        }
        return new Template(source, List.copyOf(parts));
    }

    /** The columns that it names. */
    public Set<String> columns() {
        return parts.stream().filter(Part::column).map(Part::text).collect(Collectors.toUnmodifiableSet());
    }

    /** The text with all columns filled in, or null where one of them has no value. */
    @Nullable String expand(Values values) {
        if (parts.size() == 1 && !parts.get(0).column()) {
            return source;
        }
        StringBuilder text = new StringBuilder(64);
        for (Part part : parts) {
            String value = part.column() ? values.of(part.text()) : part.text();
            if (value == null) {
                return null;
            }
            text.append(value);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return source;
    }
}
