package dev.outboxrelay.flyway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings by name, or from the file that NAME_FILE points at. Collects every problem instead of stopping at the first. */
final class Environment {
    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** One sentence for each setting asked for so far that is missing or wrong; never a value. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** The value, or the empty string and a problem. */
    String get(String name) {
        String value = find(name);
        if (value == null) {
            problems.add(name + " is not set; set it, or " + name + "_FILE to a file that holds it.");
            return "";
        }
        return value;
    }

    String get(String name, String orElse) {
        String value = find(name);
        return value == null ? orElse : value;
    }

    int port(String name, int orElse) {
        String value = find(name);
        if (value == null) {
            return orElse;
        }
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65_535) {
            problems.add(name + " must be a port from 1 to 65535.");
            return orElse;
        }
        return Integer.parseInt(value);
    }

    /** Null where neither form is set; an empty value counts as not set. */
    private @Nullable String find(String name) {
        String value = variables.getOrDefault(name, "");
        String file = variables.getOrDefault(name + "_FILE", "");
        if (!value.isEmpty() && !file.isEmpty()) {
            problems.add(name + " and " + name + "_FILE are both set; set one.");
        } else if (!file.isEmpty()) {
            value = read(name, file);
        }
        return value.isEmpty() ? null : value;
    }

    /** Without the line end that editors and {@code echo} leave. */
    private String read(String name, String file) {
        try {
            return Files.readString(Path.of(file)).stripTrailing();
        } catch (IOException e) {
            problems.add(name + "_FILE names " + file + ", which cannot be read: "
                    + e.getClass().getSimpleName() + ".");
            return "unread";
        }
    }
}
