package dev.outboxrelay.demo;

import java.time.Duration;
import java.util.Optional;

/** What a run has shown, for a person. */
record Report(Outcome outcome) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A table, and as its last line the tally. */
    String text() {
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

    private static String show(Optional<Duration> duration) {
        return duration.map(Report::show).orElse("-");
    }

    private static String show(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return duration.compareTo(SECOND) < 0 ? "%.1f ms".formatted(millis) : "%.2f s".formatted(millis / 1e3);
    }
}
