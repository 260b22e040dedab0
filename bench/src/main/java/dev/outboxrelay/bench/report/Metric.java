package dev.outboxrelay.bench.report;

/** What is measured, in the order in which it is shown. */
public enum Metric {
    MSGS_PER_S("msgs_per_s", "msgs/s from process start", 0, Shown.COMPARED),
    DRAIN_PER_S("drain_msgs_per_s", "msgs/s from first message", 0, Shown.MEDIAN),
    WARM_PER_S("warm_msgs_per_s", "msgs/s", 0, Shown.MEDIAN),
    ORDERS_PER_S("orders_per_s", "orders/s", 0, Shown.COMPARED),
    MAILS_PER_S("mails_per_s", "mails/s", 0, Shown.COMPARED),
    P50_MS("p50_ms", "p50 ms", 2, Shown.COMPARED),
    P99_MS("p99_ms", "p99 ms", 2, Shown.COMPARED),
    MAX_MS("max_ms", "max ms", 1, Shown.MEDIAN),
    COMMIT_P50_MS("commit_to_deliver_p50_ms", "from commit's return: p50 ms", 2, Shown.MEDIAN),
    COMMIT_P99_MS("commit_to_deliver_p99_ms", "p99 ms", 2, Shown.MEDIAN),
    CPU_US("cpu_us_per_msg", "CPU µs/msg", 0, Shown.MEDIAN),
    CPU_US_EACH("cpu_us_each", "CPU µs each", 1, Shown.COMPARED),
    MYSQL_CPU_US_EACH("mysql_cpu_us_each", "mysqld µs each", 0, Shown.MEDIAN),
    CPU_PERCENT("cpu_percent", "CPU % of a core", 1, Shown.MEDIAN),
    BROKER_CPU_US("broker_cpu_us_per_msg", "RabbitMQ µs/msg", 0, Shown.MEDIAN),
    MYSQL_CPU_US("mysql_cpu_us_per_msg", "mysqld µs/msg", 0, Shown.MEDIAN),
    FOREIGN_CPU_US("cpu_us_per_foreign_row", "CPU µs/foreign row", 1, Shown.MEDIAN),
    PEAK_RSS_MB("peak_rss_mb", "peak RSS MB", 0, Shown.MEDIAN),
    READY_S("ready_s", "start → ready s", 2, Shown.MEDIAN),
    FIRST_MESSAGE_S("first_message_s", "start → first s", 2, Shown.MEDIAN),
    SENT("sent", "sent", 0, Shown.TOTAL),
    MISSING("missing", "missing", 0, Shown.TOTAL),
    DUPLICATES("duplicates", "duplicates", 0, Shown.TOTAL),
    LATE("late", "late", 0, Shown.TOTAL);

    /** How the figures of several rounds become one. */
    enum Shown {
        /** Median with minimum and maximum, and as a ratio to the other candidates within a round. */
        COMPARED,
        MEDIAN,
        /** Added up over the rounds. */
        TOTAL
    }

    private final String key;
    private final String title;
    private final int decimals;
    private final Shown shown;

    Metric(String key, String title, int decimals, Shown shown) {
        this.key = key;
        this.title = title;
        this.decimals = decimals;
        this.shown = shown;
    }

    /** Its name in JSON. */
    String key() {
        return key;
    }

    /** Its column in a table. */
    String title() {
        return title;
    }

    int decimals() {
        return decimals;
    }

    Shown shown() {
        return shown;
    }
}
