package dev.outboxrelay.mail.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.rabbit.Acks.Ack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcksTest {
    private final Acks acks = new Acks();

    @Test
    void all_that_are_done_are_acknowledged_at_once_and_only_once() {
        LongStream.rangeClosed(1, 3).forEach(acks::delivered);
        LongStream.of(3, 1, 2).forEach(acks::done);

        assertThat(acks.take()).containsExactly(new Ack(3, true));
        assertThat(acks.take()).isEmpty();
    }

    @Test
    void one_that_is_still_in_hand_is_acknowledged_with_no_other() {
        LongStream.rangeClosed(1, 5).forEach(acks::delivered);
        LongStream.of(1, 2, 4, 5).forEach(acks::done);

        assertThat(acks.take()).containsExactly(new Ack(2, true), new Ack(4, false), new Ack(5, false));
        acks.done(3);
        assertThat(acks.take()).containsExactly(new Ack(3, true));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void in_any_order_a_broker_is_told_exactly_what_is_done(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> unacknowledged = new TreeSet<>();
        List<Long> inHand = new ArrayList<>();
        long delivered = 0;
        for (int step = 0; step < 2_000; step++) {
            if (inHand.isEmpty() || random.nextBoolean()) {
                acks.delivered(++delivered);
                inHand.add(delivered);
                unacknowledged.add(delivered);
            } else {
                acks.done(inHand.remove(random.nextInt(inHand.size())));
            }
            if (random.nextInt(4) == 0) {
                for (Ack ack : acks.take()) {
                    assertThat(unacknowledged).contains(ack.tag());
                    unacknowledged.removeIf(tag -> ack.multiple() ? tag <= ack.tag() : tag == ack.tag());
                }
                assertThat(unacknowledged)
                        .containsExactlyElementsOf(inHand.stream().sorted().toList());
            }
        }
    }
}
