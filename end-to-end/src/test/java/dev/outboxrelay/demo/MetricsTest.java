package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final Metrics METRICS = Metrics.parse("""
            # HELP events_total Events
            # TYPE events_total counter
            events_total{relay="orders",} 3.0
            events_total{relay="more",} 4.0
            events_total_other 100.0
            plain 1.5
            latency_seconds_bucket{relay="orders",le="0.5"} 2
            latency_seconds_bucket{relay="orders",le="+Inf"} 3
            latency_seconds_bucket{relay="more",le="0.5"} 1
            latency_seconds_bucket{relay="more",le="+Inf"} 1
            latency_seconds_count{relay="orders"} 3
            """);

    @Test
    void the_sum_goes_over_all_labels_of_exactly_that_name() {
        assertThat(METRICS.sum("events_total")).isEqualTo(7);
        assertThat(METRICS.sum("plain")).isEqualTo(1.5);
        assertThat(METRICS.sum("absent")).isZero();
    }

    @Test
    void a_histogram_adds_up_the_buckets_of_all_labels() {
        Histogram histogram = METRICS.histogram("latency_seconds");

        assertThat(histogram.cumulative()).containsEntry(0.5, 3.0).containsEntry(Double.POSITIVE_INFINITY, 4.0);
        assertThat(histogram.count()).isEqualTo(4);
    }
}
