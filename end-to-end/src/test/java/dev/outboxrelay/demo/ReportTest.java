package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    @Test
    void for_programs_it_is_one_object_with_nothing_where_nobody_measured() {
        JsonNode json = new JsonMapper().readTree(report(new Tally(3, 2, 1, 0, 0), Report.Format.json));

        assertThat(json.toString())
                .isEqualTo(
                        "{\"ordered\":3,\"placed\":3,\"mailed\":2,\"lost\":1,\"duplicated\":0,\"unknown\":0,\"confirmed\":1,"
                                + "\"commitToConfirmMillis\":{\"p50\":null,\"p99\":null},"
                                + "\"orderToMailMillis\":{\"p50\":12.5,\"p99\":3200.0}}");
    }

    private static String report(Tally tally) {
        return report(tally, Report.Format.text);
    }

    private static String report(Tally tally, Report.Format format) {
        Latencies orderToMail = Latencies.of(List.of(Duration.ofNanos(12_500_000), Duration.ofMillis(3_200)));
        return new Report(new Outcome(tally.placed(), tally, 1, Histogram.EMPTY, orderToMail)).as(format);
    }
}
