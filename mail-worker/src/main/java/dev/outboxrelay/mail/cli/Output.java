package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.claims.Ledger;
import dev.outboxrelay.mail.rabbit.ParkedMessage;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as text for people or JSON for programs; no addresses and no payloads unless asked for. */
final class Output {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int WIDEST = 60;

    private Output() {}

    static void json(PrintWriter out, Object value) {
        out.println(JSON.writeValueAsString(value));
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
    }

    private static void line(PrintWriter out, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length - 1; i++) {
            String cell = cells.get(i);
            String shown = cell.length() <= WIDEST ? cell : cell.substring(0, WIDEST - 1) + "…";
            line.append(shown).append(" ".repeat(widths[i] - shown.length() + 2));
        }
        out.println(line.append(cells.get(widths.length - 1)).toString().stripTrailing());
    }

    static Map<String, @Nullable Object> fields(ParkedMessage message) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", message.id().orElse(null));
        fields.put("type", message.type());
        fields.put("order", message.order());
        fields.put("version", message.version());
        fields.put("reason", message.reason());
        fields.put("detail", message.detail());
        fields.put("reply", message.reply());
        fields.put("attempts", message.attempts());
        fields.put("firstAt", time(message.firstAt().orElse(null)));
        fields.put("parkedAt", time(message.parkedAt().orElse(null)));
        fields.put("bytes", message.size());
        return fields;
    }

    static Map<String, @Nullable Object> fields(Ledger.Entry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", entry.id());
        fields.put("order", entry.order());
        fields.put("state", entry.state());
        fields.put("attempts", entry.attempts());
        fields.put("unknowns", entry.unknowns());
        fields.put("reply", entry.reply());
        fields.put("reason", entry.reason());
        fields.put("detail", entry.detail());
        fields.put("firstAt", time(entry.firstAt()));
        fields.put("changedAt", time(entry.changedAt()));
        return fields;
    }

    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
