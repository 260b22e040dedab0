package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.relay.WrittenRows.Written;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static final List<Written> THREE = rows(3);

    @Test
    void what_the_consumer_has_passed_over_is_lost_and_what_is_behind_that_is_not_yet() {
        assertThat(upTo(THREE, Set.of(), false, at(0))).isEqualTo(at(0));
        assertThat(upTo(THREE, Set.of("0"), false, at(1))).isEqualTo(at(1));
        assertThat(upTo(THREE, Set.of(), false, at(5))).isEqualTo(at(2));
        assertThat(upTo(THREE, Set.of("0", "1"), false, null))
                .as("that it has some of them says nothing of the last")
                .isNull();
        assertThat(upTo(THREE, Set.of(), false, at(-1)))
                .as("it was written before them")
                .isNull();
    }

    @Test
    void what_the_consumer_has_needs_no_judgement() {
        assertThat(upTo(THREE, Set.of("0", "1", "2"), false, null)).isEqualTo(at(2));
        assertThat(upTo(THREE, Set.of("1", "2"), false, at(0))).isEqualTo(at(2));
    }

    @Test
    void a_few_at_the_end_are_lost_too_and_many_are_a_consumer_that_is_behind() {
        int few = Judgement.FEW;
        assertThat(upTo(rows(few), Set.of(), true, null)).isEqualTo(at(few - 1));
        assertThat(upTo(rows(few), Set.of(), false, null)).isNull();
        assertThat(upTo(rows(few + 1), Set.of(), true, null)).isNull();
        assertThat(upTo(rows(few + 2), Set.of(), true, at(0))).isEqualTo(at(0));
        assertThat(upTo(rows(few + 2), Set.of(), true, at(1)))
                .as("behind what it has passed there are few")
                .isEqualTo(at(few + 1));
        assertThat(Judgement.upTo(rows(60), row -> true, true, null, few - 60)).isEqualTo(at(59));
        assertThat(Judgement.upTo(rows(60), row -> true, true, null, few - 59))
                .as("with those of before they are many")
                .isNull();
    }

    private static @Nullable Instant upTo(
            List<Written> rows, Set<String> has, boolean isLast, @Nullable Instant passed) {
        return Judgement.upTo(rows, row -> !has.contains(row.id()), isLast, passed, 0);
    }

    private static List<Written> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> new Written(Integer.toString(n), at(n), n))
                .toList();
    }

    private static Instant at(int second) {
        return Instant.EPOCH.plusSeconds(second);
    }
}
