package dev.outboxrelay.demo;

import java.util.Map;
import java.util.stream.Collectors;

/** Variables as lines for {@code eval} in a POSIX shell. */
final class ExportLines {

    private ExportLines() {}

    /** One line a variable, in the map's order, quoted so that no value is taken for anything but text. */
    static String of(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(entry ->
                        "export " + entry.getKey() + "='" + entry.getValue().replace("'", "'\\''") + "'\n")
                .collect(Collectors.joining());
    }
}
