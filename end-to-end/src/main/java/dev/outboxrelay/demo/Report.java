package dev.outboxrelay.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a run has shown. */
record Report(Outcome outcome) {

    private static final Duration SECOND = Duration.ofSeconds(1);

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

    /** For a person: a table, and as its last line the tally. */
    private String text() {
        Tally tally = outcome.tally();
        Latencies orderToMail = outcome.orderToMail();
        Histogram confirm = outcome.commitToConfirm();
        String table = """

                orders placed      %8d   answered 201 by order-app
                events confirmed   %8d   by RabbitMQ, as counted by the relay (a killed relay forgets its last counts)
                orders mailed      %8d   seen in the mail server's own mailbox
                                        p50          p99   with the time in which the relay was dead
                commit → confirm   %8s     %8s
                order  → mail      %8s     %8s

                """.formatted(
                        tally.placed(),
                        outcome.confirmed(),
                        tally.mailed(),
                        show(confirm.quantile(0.5)),
                        show(confirm.quantile(0.99)),
                        show(orderToMail.quantile(0.5)),
                        show(orderToMail.quantile(0.99)));
        String unknown = tally.unknown() == 0 ? "" : tally.unknown() + " mails belong to no order that was placed\n";
        return table + unknown + tally.line();
    }

    /** For a program: one object. A latency that nobody measured is null. */
    private String json() {
        Tally tally = outcome.tally();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ordered", outcome.ordered());
        fields.put("placed", tally.placed());
        fields.put("mailed", tally.mailed());
        fields.put("lost", tally.lost());
        fields.put("duplicated", tally.duplicated());
        fields.put("unknown", tally.unknown());
        fields.put("confirmed", outcome.confirmed());
        fields.put("commitToConfirmMillis", quantiles(outcome.commitToConfirm()::quantile));
        fields.put("orderToMailMillis", quantiles(outcome.orderToMail()::quantile));
        return JsonMapper.shared().writeValueAsString(fields);
    }

    private static Map<String, @Nullable Double> quantiles(Function<Double, Optional<Duration>> latencies) {
        Map<String, @Nullable Double> all = new LinkedHashMap<>();
        all.put("p50", millis(latencies.apply(0.5)));
        all.put("p99", millis(latencies.apply(0.99)));
        return all;
    }

    private static @Nullable Double millis(Optional<Duration> duration) {
        return duration.map(one -> one.toNanos() / 1e6).orElse(null);
    }

    private static String show(Optional<Duration> duration) {
        return duration.map(Report::show).orElse("-");
    }

    private static String show(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return duration.compareTo(SECOND) < 0 ? "%.1f ms".formatted(millis) : "%.2f s".formatted(millis / 1e3);
    }
}
