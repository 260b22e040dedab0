package dev.outboxrelay.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryPlanTest {
    private final RetryPlan plan = new RetryPlan(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1)), Duration.ofHours(1));

    @Test
    void each_attempt_has_its_delay_and_the_last_one_repeats() {
        assertThat(plan.next(1, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(plan.next(2, Duration.ZERO)).contains(Duration.ofSeconds(10));
        assertThat(plan.next(3, Duration.ZERO)).contains(Duration.ofMinutes(1));
        assertThat(plan.next(400, Duration.ZERO)).contains(Duration.ofMinutes(1));
    }

    @Test
    void nothing_is_tried_after_the_maximum_age() {
        assertThat(plan.next(3, Duration.ofMinutes(59))).isPresent();
        assertThat(plan.next(3, Duration.ofMinutes(59).plusMillis(1))).isEmpty();
    }
}
