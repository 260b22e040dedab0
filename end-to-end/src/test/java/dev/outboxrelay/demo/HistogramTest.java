package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void a_quantile_is_interpolated_within_its_bucket() {
        Histogram histogram = histogram(Map.of(0.010, 50.0, 0.020, 100.0, Double.POSITIVE_INFINITY, 100.0));

        assertThat(histogram.quantile(0.5)).contains(Duration.ofMillis(10));
        assertThat(histogram.quantile(0.75)).contains(Duration.ofMillis(15));
    }

    @Test
    void a_value_beyond_the_last_bound_counts_as_that_bound() {
        Histogram histogram = histogram(Map.of(0.010, 1.0, Double.POSITIVE_INFINITY, 2.0));

        assertThat(histogram.quantile(0.99)).contains(Duration.ofMillis(10));
    }

    @Test
    void nothing_counted_has_no_quantile() {
        assertThat(Histogram.EMPTY.quantile(0.5)).isEmpty();
        assertThat(histogram(Map.of(0.010, 0.0, Double.POSITIVE_INFINITY, 0.0)).quantile(0.5))
                .isEmpty();
    }

    @Test
    void the_counts_of_two_lives_add_up() {
        Histogram first = histogram(Map.of(0.010, 1.0, Double.POSITIVE_INFINITY, 1.0));
        Histogram second = histogram(Map.of(0.010, 2.0, Double.POSITIVE_INFINITY, 3.0));

        assertThat(first.plus(second).count()).isEqualTo(4);
        assertThat(Histogram.EMPTY.plus(second)).isEqualTo(second);
    }

    private static Histogram histogram(Map<Double, Double> cumulative) {
        return new Histogram(new TreeMap<>(cumulative));
    }
}
