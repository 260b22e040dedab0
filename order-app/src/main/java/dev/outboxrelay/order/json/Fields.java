package dev.outboxrelay.order.json;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of one JSON object. Each is asked for by name with what it must be; where it is not that, the problem is noted
 * and a stand-in returned, so that reading goes on and finds the next problem.
 */
public final class Fields {
    private static final int MAX_NAME = 64;

    private final ObjectNode object;
    private final String pointer;
    private final Violations violations;
    private final Set<String> asked = new HashSet<>();

    Fields(ObjectNode object, String pointer, Violations violations) {
        this.object = object;
        this.pointer = pointer;
        this.violations = violations;
    }

    /** A text that {@code format} lets pass; the empty string otherwise. */
    public String text(String name, TextFormat format) {
        JsonNode value = find(name);
        if (value == null) {
            return "";
        }
        if (!value.isString()) {
            note(name, "must be a string");
            return "";
        }
        String problem = format.problem(value.stringValue());
        if (problem != null) {
            note(name, problem);
            return "";
        }
        return value.stringValue();
    }

    /** A whole number within the bounds; {@code min} otherwise. */
    public long integer(String name, long min, long max) {
        JsonNode value = find(name);
        if (value == null) {
            return min;
        }
        if (!value.isIntegralNumber()) {
            note(name, "must be a whole number");
        } else if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            note(name, "must be from " + min + " to " + max);
        } else {
            return value.longValue();
        }
        return min;
    }

    /** At least one and at most {@code max} objects; those that are none are left out. */
    public <T> List<T> objects(String name, int max, Function<Fields, T> reader) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.isEmpty() || value.size() > max) {
            note(name, "must be an array of 1 to " + max + " objects");
            return List.of();
        }
        List<T> read = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            String at = pointer + "/" + escape(name) + "/" + i;
            if (value.get(i) instanceof ObjectNode element) {
                Fields fields = new Fields(element, at, violations);
                read.add(reader.apply(fields));
                fields.refuseOthers();
            } else {
                violations.add(at, "must be an object");
            }
        }
        return read;
    }

    /** Notes what only the caller can see to be wrong with a field. */
    public void note(String name, String detail) {
        violations.add(pointer + "/" + escape(name), detail);
    }

    void refuseOthers() {
        object.propertyNames().stream()
                .filter(name -> !asked.contains(name))
                .forEach(name -> note(name, "is not a known field"));
    }

    private @Nullable JsonNode find(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            note(name, "is required");
            return null;
        }
        return value;
    }

    /**
     * RFC 6901: first for the pointer, then for the URI fragment. A name we did not choose may hold anything, and be of any
     * length.
     */
    private static String escape(String name) {
        String start = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name;
        String pointer = start.replace("~", "~0").replace("/", "~1");
        return URLEncoder.encode(pointer, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~");
    }
}
