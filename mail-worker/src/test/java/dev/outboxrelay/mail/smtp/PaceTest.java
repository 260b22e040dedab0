package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void without_a_rate_nobody_waits() throws Exception {
        Pace pace = new Pace(0);

        for (int i = 0; i < 10_000; i++) {
            assertThat(pace.await(System.nanoTime())).isTrue();
        }
    }

    @Test
    void so_many_a_second_and_no_more() throws Exception {
        long began = System.nanoTime();
        Pace pace = new Pace(50);

        for (int i = 0; i < 11; i++) {
            assertThat(pace.await(within(Duration.ofMinutes(1)))).isTrue();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void a_turn_that_would_come_too_late_is_refused_at_once() throws Exception {
        Pace pace = new Pace(1);
        pace.await(within(Duration.ofSeconds(1)));

        assertThat(pace.await(within(Duration.ofMillis(500)))).isFalse();
    }

    @Test
    void a_server_that_asks_for_less_gets_less_and_what_it_takes_brings_the_rate_back() throws Exception {
        Pace pace = new Pace(0);
        for (int i = 0; i < 20; i++) {
            pace.slowDown();
        }
        pace.await(within(Duration.ofSeconds(1)));
        assertThat(pace.await(within(Duration.ofSeconds(4)))).isFalse();

        for (int i = 0; i < 100; i++) {
            pace.taken();
        }

        assertThat(pace.await(within(Duration.ofMillis(1)))).isTrue();
    }

    private static long within(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}
