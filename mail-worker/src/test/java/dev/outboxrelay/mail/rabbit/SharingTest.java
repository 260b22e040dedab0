package dev.outboxrelay.mail.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharingTest {
    @Test
    void every_partition_belongs_to_exactly_one_worker_and_shares_differ_by_one_at_most() {
        for (int count = 1; count <= 10; count++) {
            List<String> workers =
                    IntStream.range(0, count).mapToObj(number -> "w" + number).toList();
            List<Integer> ours = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            for (String worker : workers) {
                List<Integer> theirs = Sharing.notOurs(workers, worker, 8);
                IntStream.range(0, 8).filter(one -> !theirs.contains(one)).forEach(ours::add);
                sizes.add(8 - theirs.size());
            }
            assertThat(ours).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(sizes.stream().mapToInt(size -> size).max().orElse(0)
                            - sizes.stream().mapToInt(size -> size).min().orElse(0))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_worker_that_is_not_known_yet_leaves_nothing() {
        assertThat(Sharing.notOurs(List.of("other"), "self", 8)).isEmpty();
    }
}
