package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GtidSetsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 0",
                "a:1 | 1",
                "a:1-5 | 5",
                "a:1-5:7:10-11 | 8",
                "'a:1-5,\n b:9' | 6",
                "a:tag:1-3:other:1-2 | 5"
            })
    void transactions_are_counted_over_servers_intervals_and_tags(String gtids, long expected) {
        assertThat(GtidSets.count(gtids)).isEqualTo(expected);
    }
}
