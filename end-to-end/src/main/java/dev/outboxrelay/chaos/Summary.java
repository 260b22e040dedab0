package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Verdict.Finding;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a campaign has shown.
 *
 * @param again the arguments that choose the same faults once more
 * @param faults by kind, how many there were
 * @param logs where the logs are kept; empty if they are not
 */
record Summary(
        String again,
        Duration length,
        Map<String, Integer> faults,
        Figures figures,
        List<Finding> findings,
        String logs) {

    private static final int SHOWN = 100;

    /** How it is written. */
    enum Format {
        text,
        json
    }

    String as(Format format) {
        return switch (format) {
            case text -> text();
            case json -> json();
        };
    }

    /** For a person: what was broken, if anything, and as the last line the figures. */
    private String text() {
        StringBuilder text = new StringBuilder("\n");
        faults.forEach((kind, count) -> text.append("%4d  %s\n".formatted(count, kind)));
        text.append("""

                %8d requests were tried again under their Idempotency-Key
                %8d messages published, %d of them for an event that was published before
                %8d events published again since the mail worker had not confirmed them in time
                """.formatted(
                figures.retries(), figures.published(), figures.published() - figures.events(), figures.redriven()));
        if (!findings.isEmpty()) {
            text.append(broken());
        }
        return text.append('\n').append(line()).toString();
    }

    private String broken() {
        StringBuilder text = new StringBuilder("\nThe promise was broken:\n");
        findings.stream()
                .limit(SHOWN)
                .forEach(finding -> text.append("  %s: %s%s\n"
                        .formatted(
                                finding.breach().meaning(),
                                finding.orderId().isEmpty() ? "" : "order " + finding.orderId() + ", ",
                                finding.what())));
        if (findings.size() > SHOWN) {
            text.append("  and %d more; -o json names all\n".formatted(findings.size() - SHOWN));
        }
        return text.append("Logs and evidence are in %s\nThe same faults again: bin/chaos %s\n".formatted(logs, again))
                .toString();
    }

    private String line() {
        return "placed=%d events=%d mailed=%d lost=%d misordered=%d duplicated=%d unknown=%d faults=%d"
                .formatted(
                        figures.placed(),
                        figures.events(),
                        figures.mailed(),
                        figures.lost(),
                        figures.misordered(),
                        figures.duplicated(),
                        figures.unknown(),
                        total());
    }

    private int total() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For a program: one object. */
    private String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kept", findings.isEmpty());
        fields.put("again", again);
        fields.put("seconds", length.toSeconds());
        fields.put("figures", figures);
        fields.put("faults", faults);
        fields.put("findings", findings);
        fields.put("logs", logs);
        return JsonMapper.shared().writeValueAsString(fields);
    }
}
