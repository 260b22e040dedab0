package dev.outboxrelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.chaos.Schedule.Pace;
import dev.outboxrelay.chaos.Schedule.Step;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Pace PACE = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(6));
    private static final List<List<Fault>> KINDS = IntStream.range(0, 10)
            .mapToObj(kind -> List.of(fault(kind, "a"), fault(kind, "b"), fault(kind, "c")))
            .toList();

    @Test
    void the_same_seed_gives_the_same_faults_at_the_same_times() {
        assertThat(steps(42, 50)).isEqualTo(steps(42, 50));
    }

    @Test
    void another_seed_gives_others() {
        assertThat(steps(42, 50)).isNotEqualTo(steps(43, 50));
    }

    @Test
    void each_kind_comes_once_before_any_comes_again() {
        List<String> kinds =
                steps(7, 20).stream().map(step -> step.fault().kind()).toList();

        assertThat(kinds.subList(0, 10)).doesNotHaveDuplicates();
        assertThat(kinds.subList(10, 20)).doesNotHaveDuplicates().isNotEqualTo(kinds.subList(0, 10));
    }

    @Test
    void in_time_everyone_is_hit() {
        assertThat(steps(7, 500).stream().map(Step::fault).distinct()).hasSize(30);
    }

    @Test
    void no_fault_and_no_gap_is_longer_than_the_pace_allows() {
        assertThat(steps(7, 500)).allSatisfy(step -> {
            assertThat(step.hold()).isBetween(Duration.ZERO, PACE.hold());
            assertThat(step.gap()).isBetween(Duration.ZERO, PACE.gap());
        });
    }

    @Test
    void some_last_until_the_next_one_is_over_but_for_those_that_have_to_be_alone() {
        List<List<Fault>> alone =
                List.of(List.of(new Fault("alone", "a", ScheduleTest::nothing, ScheduleTest::nothing, true)));

        assertThat(steps(7, 500).stream().filter(Step::lingers)).hasSizeBetween(50, 200);
        assertThat(Stream.generate(new Schedule(7, alone, PACE)::next).limit(100))
                .noneMatch(Step::lingers);
    }

    private static List<Step> steps(long seed, int count) {
        return Stream.generate(new Schedule(seed, KINDS, PACE)::next)
                .limit(count)
                .toList();
    }

    private static Fault fault(int kind, String target) {
        return new Fault("kind " + kind, target, ScheduleTest::nothing, ScheduleTest::nothing);
    }

    private static void nothing() {}
}
