package dev.outboxrelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.chaos.Summary.Format;
import dev.outboxrelay.chaos.Verdict.Finding;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final Finding LOST = new Finding(Breach.LOST, "order-1", "OrderPaid event-2, version 2: WAITING");

    @Test
    void the_last_line_is_the_figures_and_nothing_else() {
        assertThat(text(List.of()).lines())
                .last()
                .isEqualTo("placed=10 events=20 mailed=19 lost=1 misordered=0 duplicated=2 unknown=3 faults=5");
    }

    @Test
    void a_kept_promise_needs_no_words() {
        assertThat(text(List.of())).doesNotContain("broken", "bin/chaos");
    }

    @Test
    void each_breach_is_named_with_its_order_and_so_are_logs_and_seed() {
        assertThat(text(List.of(LOST)))
                .contains("an event has no mail: order order-1, OrderPaid event-2, version 2: WAITING")
                .contains("Logs and evidence are in /logs")
                .contains("bin/chaos --for 60s --seed 42");
    }

    @Test
    void a_long_list_is_cut_off_and_says_so() {
        assertThat(text(Collections.nCopies(130, LOST))).contains("and 30 more; -o json names all");
    }

    @Test
    void for_programs_it_is_one_object() {
        assertThat(summary(List.of(LOST)).as(Format.json))
                .isEqualTo("{\"kept\":false,\"again\":\"--for 60s --seed 42\",\"seconds\":60,"
                        + "\"figures\":{\"placed\":10,\"events\":20,\"mailed\":19,\"lost\":1,\"misordered\":0,"
                        + "\"duplicated\":2,\"unknown\":3,\"published\":25,\"redriven\":4,\"retries\":7},"
                        + "\"faults\":{\"kill -9 mysql\":5},"
                        + "\"findings\":[{\"breach\":\"LOST\",\"orderId\":\"order-1\","
                        + "\"what\":\"OrderPaid event-2, version 2: WAITING\"}],\"logs\":\"/logs\"}");
    }

    private static String text(List<Finding> findings) {
        return summary(findings).as(Format.text);
    }

    private static Summary summary(List<Finding> findings) {
        return new Summary(
                "--for 60s --seed 42",
                Duration.ofMinutes(1),
                Map.of("kill -9 mysql", 5),
                new Figures(10, 20, 19, 1, 0, 2, 3, 25, 4, 7),
                findings,
                "/logs");
    }
}
