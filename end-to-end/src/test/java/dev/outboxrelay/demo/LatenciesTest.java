package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void a_quantile_is_a_value_that_was_measured() {
        Latencies latencies = Latencies.of(
                IntStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList());

        assertThat(latencies.quantile(0.5)).contains(Duration.ofMillis(50));
        assertThat(latencies.quantile(0.99)).contains(Duration.ofMillis(99));
        assertThat(latencies.quantile(1)).contains(Duration.ofMillis(100));
    }

    @Test
    void one_value_is_every_quantile_of_itself() {
        assertThat(Latencies.of(List.of(Duration.ofMillis(7))).quantile(0.01)).contains(Duration.ofMillis(7));
    }

    @Test
    void nothing_measured_has_no_quantile() {
        assertThat(Latencies.of(List.of()).quantile(0.5)).isEmpty();
    }
}
