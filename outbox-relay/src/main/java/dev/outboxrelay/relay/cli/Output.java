package dev.outboxrelay.relay.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results, on standard output: a table for people, or JSON for programs. */
final class Output {

    /** How results are written. */
    enum Format {
        table,
        json
    }

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int WIDEST = 60;

    private Output() {}

    static void json(PrintWriter out, Object value) {
        out.println(JSON.writeValueAsString(value));
        out.flush();
    }

    /** One of many, on a line of its own. */
    static void jsonLine(PrintWriter out, Object value) {
        out.println(JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value));
        out.flush();
    }

    /** Columns as wide as they need to be, the last one without limit. */
    static void table(PrintWriter out, List<String> titles, List<List<String>> rows) {
        int[] widths = new int[titles.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    titles.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> Math.min(WIDEST, row.get(column).length()))
                            .max()
                            .orElse(0));
        }
        line(out, widths, titles);
        rows.forEach(row -> line(out, widths, row));
        out.flush();
    }

    /** One name and value a line; what is not there is left out. */
    static void fields(PrintWriter out, Map<String, ? extends @Nullable Object> fields) {
        Map<String, String> shown = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                shown.put(name, value.toString());
            }
        });
        int width = shown.keySet().stream().mapToInt(String::length).max().orElse(0);
        shown.forEach((name, value) -> out.println(name + " ".repeat(width - name.length() + 2) + value));
        out.flush();
    }

    private static void line(PrintWriter out, int[] widths, List<String> cells) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            boolean last = i == widths.length - 1;
            String cell = cells.get(i).length() <= WIDEST || last
                    ? cells.get(i)
                    : cells.get(i).substring(0, WIDEST - 1) + "…";
            shown.add(last ? cell : cell + " ".repeat(widths[i] - cell.length()));
        }
        out.println(String.join("  ", shown).stripTrailing());
    }
}
