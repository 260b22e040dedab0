package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void one_mail_for_each_order_is_clean() {
        Tally tally = Tally.of(List.of("a", "b"), List.of("b", "a"));

        assertThat(tally.line()).isEqualTo("placed=2 mailed=2 lost=0 duplicated=0");
        assertThat(tally.isClean(2)).isTrue();
    }

    @Test
    void an_order_without_a_mail_is_lost() {
        Tally tally = Tally.of(List.of("a", "b", "c"), List.of("b"));

        assertThat(tally.line()).isEqualTo("placed=3 mailed=1 lost=2 duplicated=0");
        assertThat(tally.isClean(3)).isFalse();
    }

    @Test
    void every_mail_beyond_the_first_of_an_order_is_a_duplicate() {
        Tally tally = Tally.of(List.of("a", "b"), List.of("a", "b", "a", "a"));

        assertThat(tally.line()).isEqualTo("placed=2 mailed=2 lost=0 duplicated=2");
        assertThat(tally.isClean(2)).isFalse();
    }

    @Test
    void a_mail_of_an_order_that_was_never_answered_does_not_make_up_for_a_lost_one() {
        Tally tally = Tally.of(List.of("a"), List.of("x"));

        assertThat(tally.line()).isEqualTo("placed=1 mailed=0 lost=1 duplicated=0");
        assertThat(tally.unknown()).isEqualTo(1);
    }

    @Test
    void fewer_orders_than_asked_for_are_not_clean() {
        assertThat(Tally.of(List.of("a"), List.of("a")).isClean(2)).isFalse();
    }
}
