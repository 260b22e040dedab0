package dev.outboxrelay.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What was to be reached, beside what was, from the same figures. What was not measured does not appear. */
final class Targets {

    private static final String RELAY = "outbox-relay";
    private static final String CEILING = "binlog-client";
    private static final String USUAL = "100,000 messages";
    private static final List<String> SIZES = List.of(USUAL, "1,000,000 messages");
    private static final String FEW = "10,000 messages";

    private final Figures figures;
    private final List<Target> all = new ArrayList<>();

    Targets(Figures figures) {
        this.figures = figures;
        relay();
        growth();
        latency();
        orders();
        mail();
    }

    /** A bound, and what the figure was in words. */
    private record Target(String what, boolean atLeast, double bound, double figure, String unit) {

        /** As shown, so that nothing is reached by what rounding hides. */
        boolean isReached() {
            double shown = Double.parseDouble(number(figure));
            return atLeast ? shown >= bound : shown <= bound;
        }

        String row() {
            return "| %s | %s %s %s | %s %s | %s |%n"
                    .formatted(
                            what,
                            atLeast ? "≥" : "≤",
                            bound == Math.rint(bound) ? "%.0f".formatted(bound) : Double.toString(bound),
                            unit,
                            number(figure),
                            unit,
                            isReached() ? "yes" : "**no**");
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
        }
    }

    /** A Markdown table; empty if none of it was measured. */
    String table() {
        if (all.isEmpty()) {
            return "";
        }
        StringBuilder table = new StringBuilder("| what | target | figure | reached |\n| --- | --- | --- | --- |\n");
        all.forEach(target -> table.append(target.row()));
        return table.toString();
    }

    private void relay() {
        String backlog = "relay: a backlog published, from process start, ";
        atLeast(
                backlog + "msgs/s",
                1.6,
                ratio("relay", Map.of(), RELAY, "debezium-server", Metric.MSGS_PER_S),
                "× Debezium Server");
        atLeast(
                backlog + "msgs/s",
                0.7,
                ratio("relay", Map.of(), RELAY, CEILING, Metric.MSGS_PER_S),
                "× binlog client");
        atMost(backlog + "CPU each", 100, median("relay", Map.of(), RELAY, Metric.CPU_US), "µs");
        atMost("relay: peak RSS", 400, median("relay", Map.of(), RELAY, Metric.PEAK_RSS_MB), "MB");
        atMost("relay: start → first message", 3, median("relay", Map.of(), RELAY, Metric.FIRST_MESSAGE_S), "s");
    }

    private void growth() {
        for (String size : SIZES) {
            Optional<Double> growth = ratio("growth", Map.of(), size, FEW, Metric.CPU_US_EACH);
            atMost(
                    "growth: CPU per message, %s beside %s".formatted(size, FEW),
                    15,
                    growth.map(ratio -> (ratio - 1) * 100),
                    "% growth");
        }
        for (String commit : List.of("ten a commit", "one by one")) {
            atMost(
                    "growth: CPU of a foreign row, " + commit,
                    10,
                    median("growth", Map.of(), "95 % foreign rows, " + commit, Metric.FOREIGN_CPU_US),
                    "µs");
        }
        atMost("growth: CPU at rest", 2, median("growth", Map.of(), "at rest", Metric.CPU_PERCENT), "% of a core");
    }

    private void latency() {
        for (int rate : List.of(200, 1_000)) {
            Map<String, Object> scenario = Map.of("rate", rate);
            String what = "latency at %,d commits/s: ".formatted(rate);
            atMost(what + "p50", 2, ratio("latency", scenario, RELAY, CEILING, Metric.P50_MS), "× binlog client");
            atMost(what + "p99", 3, ratio("latency", scenario, RELAY, CEILING, Metric.P99_MS), "× binlog client");
        }
    }

    private void orders() {
        for (int connections : List.of(8, 32)) {
            Map<String, Object> scenario = Map.of("connections", connections);
            String what = "orders over %d connections: ".formatted(connections);
            String ceiling = "bare-jdbc";
            atLeast(
                    what + "orders/s",
                    0.8,
                    ratio("orders", scenario, "order-app", ceiling, Metric.ORDERS_PER_S),
                    "× bare JDBC");
            atMost(what + "p99", 2, ratio("orders", scenario, "order-app", ceiling, Metric.P99_MS), "× bare JDBC");
        }
        atMost("orders: start → ready", 4, median("orders", Map.of(), "order-app", Metric.READY_S), "s");
    }

    private void mail() {
        Map<String, Object> plain = Map.of("consumers", 20, "server", "smtp-sink");
        Map<String, Object> secured = Map.of("consumers", 20, "server", "STARTTLS and login");
        String ours = "mail-worker";
        Metric rate = Metric.MAILS_PER_S;
        atLeast(
                "mail: 20 consumers, mails/s",
                1.5,
                ratio("mail", plain, ours, "bare-durable-loop", rate),
                "× bare durable loop");
        atLeast(
                "mail: STARTTLS and login, mails/s",
                5,
                ratio("mail", secured, ours, "connection-per-mail", rate),
                "× connection per mail");
        atLeast(
                "mail: each event twice, unique mails/s",
                0.95,
                ratio("mail", plain, ours + ", each event twice", ours, rate),
                "× each event once");
    }

    private void atLeast(String what, double bound, Optional<Double> figure, String unit) {
        figure.ifPresent(value -> all.add(new Target(what, true, bound, value, unit)));
    }

    private void atMost(String what, double bound, Optional<Double> figure, String unit) {
        figure.ifPresent(value -> all.add(new Target(what, false, bound, value, unit)));
    }

    private Optional<Double> ratio(
            String bench, Map<String, Object> scenario, String candidate, String other, Metric metric) {
        return subject(bench, scenario, candidate)
                .flatMap(subject ->
                        Optional.ofNullable(figures.ratios(subject, metric).get(other)));
    }

    private Optional<Double> median(String bench, Map<String, Object> scenario, String candidate, Metric metric) {
        return subject(bench, scenario, candidate)
                .filter(subject -> figures.has(subject, metric))
                .map(subject -> figures.spread(subject, metric).median());
    }

    /** The candidate of that part under those conditions, whatever the others are. */
    private Optional<Subject> subject(String bench, Map<String, Object> scenario, String candidate) {
        Stream<Subject> subjects = figures.of(bench).stream();
        return subjects.filter(subject -> subject.candidate().equals(candidate))
                .filter(subject -> scenario.entrySet().stream()
                        .allMatch(wanted -> Objects.equals(subject.scenario().get(wanted.getKey()), wanted.getValue())))
                .findFirst();
    }
}
