package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void the_last_line_is_the_tally_and_nothing_else() {
        assertThat(report(new Tally(200, 200, 0, 0, 0)).lines())
                .last()
                .isEqualTo("placed=200 mailed=200 lost=0 duplicated=0");
    }

    @Test
    void mails_of_unknown_orders_are_told_before_the_last_line() {
        assertThat(report(new Tally(1, 1, 0, 0, 2)))
                .endsWith("2 mails belong to no order that was placed\nplaced=1 mailed=1 lost=0 duplicated=0");
    }

    @Test
    void a_latency_that_nobody_measured_is_not_shown_as_zero() {
        assertThat(report(new Tally(1, 1, 0, 0, 0))).contains("commit → confirm          -");
    }

    @Test
    void latencies_are_shown_in_a_unit_that_fits() {
        assertThat(report(new Tally(1, 1, 0, 0, 0))).contains("12.5 ms").contains("3.20 s");
    }

    private static String report(Tally tally) {
        Latencies orderToMail = Latencies.of(List.of(Duration.ofNanos(12_500_000), Duration.ofMillis(3_200)));
        return new Report(new Outcome(tally.placed(), tally, 1, Histogram.EMPTY, orderToMail)).text();
    }
}
