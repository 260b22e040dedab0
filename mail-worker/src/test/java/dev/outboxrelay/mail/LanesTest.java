package dev.outboxrelay.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lanes lanes = new Lanes(2, 6, Duration.ofMillis(50));

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void tasks_of_one_key_run_in_order_and_never_at_once() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        IntStream.range(0, 500)
                .forEach(i -> lanes.add("one", () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    order.add(i);
                    running.decrementAndGet();
                    return Optional.empty();
                }));

        await().until(() -> order.size() == 500);
        assertThat(order).isSorted();
        assertThat(most).hasValue(1);
    }

    @Test
    void a_task_that_wants_another_run_keeps_its_place() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger runs = new AtomicInteger();

        lanes.add("one", () -> {
            order.add("first");
            return runs.incrementAndGet() < 3 ? Optional.of(Duration.ofMillis(10)) : Optional.empty();
        });
        lanes.add("one", () -> {
            order.add("second");
            return Optional.empty();
        });

        await().until(() -> order.size() == 4);
        assertThat(order).containsExactly("first", "first", "first", "second");
    }

    @Test
    void consumers_grow_with_the_load_and_shrink_without() {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(6);

        IntStream.range(0, 20)
                .forEach(i -> lanes.add("key-" + i, () -> {
                    busy.countDown();
                    hold.await();
                    return Optional.empty();
                }));

        await().until(() -> busy.getCount() == 0);
        assertThat(lanes.consumers()).isEqualTo(6);
        assertThat(lanes.inHand()).isEqualTo(20);
        hold.countDown();
        await().until(() -> lanes.consumers() == 2);
        assertThat(lanes.inHand()).isZero();
    }
}
