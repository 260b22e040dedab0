package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmedPrefixTest {

    private final List<String> settled = new ArrayList<>();

    @Test
    void a_later_confirm_does_not_move_the_position_past_an_earlier_message() throws Exception {
        ConfirmedPrefix prefix = warm(10);
        long first = prefix.append(row(1));
        long second = prefix.append(row(2));

        prefix.settle(second, false);
        assertThat(number(prefix)).isZero();
        prefix.settle(first, false);

        assertThat(number(prefix)).isEqualTo(2);
        assertThat(settled).containsExactly("0", "1", "2");
    }

    @Test
    void a_confirm_of_all_up_to_a_message_settles_those_before_it() throws Exception {
        ConfirmedPrefix prefix = warm(10);
        prefix.append(row(1));
        long second = prefix.append(row(2));
        prefix.append(row(3));

        prefix.settle(second, true);

        assertThat(number(prefix)).isEqualTo(2);
        assertThat(prefix.messagesInFlight()).isEqualTo(1);
    }

    @Test
    void a_refused_message_ends_the_prefix_even_if_it_is_confirmed_afterwards() throws Exception {
        ConfirmedPrefix prefix = warm(10);
        prefix.append(row(1));
        long refused = prefix.append(row(2));
        long last = prefix.append(row(3));

        prefix.refuse(refused);
        prefix.settle(last, true);

        assertThat(number(prefix)).isEqualTo(1);
        assertThat(prefix.awaitSettled(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void a_marker_counts_once_everything_before_it_is_settled() throws Exception {
        ConfirmedPrefix prefix = warm(10);
        long only = prefix.append(row(1));
        prefix.mark(position(7));
        assertThat(number(prefix)).isZero();

        prefix.settle(only, false);
        assertThat(number(prefix)).isEqualTo(7);
        prefix.mark(position(8));

        assertThat(number(prefix)).isEqualTo(8);
        assertThat(prefix.confirmed().events()).isEqualTo(2);
    }

    @Test
    void a_heartbeat_where_nothing_has_happened_leaves_the_time_of_the_last_event() {
        Position start = new Position(Map.of("file", "binlog.1", "pos", 4L, "ts_sec", 100L));
        ConfirmedPrefix prefix = new ConfirmedPrefix(10, 1_000, settledRow -> {});
        prefix.beginAt(start);

        prefix.mark(new Position(Map.of("file", "binlog.1", "pos", 4, "ts_sec", 900)));

        assertThat(prefix.confirmed().position()).isEqualTo(start);
    }

    @Test
    void the_first_message_of_a_run_goes_alone() throws Exception {
        ConfirmedPrefix prefix = new ConfirmedPrefix(10, 1 << 20, row -> {});
        prefix.append(row(1));
        CompletableFuture<Long> second = appendElsewhere(prefix, row(2));
        assertThat(prefix.messagesInFlight()).isEqualTo(1);

        prefix.settle(1, false);

        assertThat(second.get()).isEqualTo(2);
    }

    @Test
    void a_message_larger_than_the_window_passes_alone() throws Exception {
        ConfirmedPrefix prefix = new ConfirmedPrefix(10, 100, row -> {});

        assertThat(prefix.append(row(1))).isEqualTo(1);
        assertThat(prefix.bytesInFlight()).isGreaterThan(100);
    }

    @Test
    void a_window_that_is_full_of_bytes_is_waited_for_although_it_has_room_for_messages() throws Exception {
        long size = row(1).message().size();
        ConfirmedPrefix prefix = new ConfirmedPrefix(10, 2 * size, settledRow -> {});
        prefix.settle(prefix.append(row(0)), false);
        long first = prefix.append(row(1));
        long second = prefix.append(row(2));
        CompletableFuture<Long> third = appendElsewhere(prefix, row(3));
        assertThat(third).isNotDone();
        assertThat(prefix.bytesInFlight()).isEqualTo(2 * size);

        prefix.settle(first, false);

        assertThat(third.get()).isEqualTo(second + 1);
    }

    @Test
    void whoever_waits_for_room_is_sent_away_at_the_end() throws Exception {
        ConfirmedPrefix prefix = warm(1);
        prefix.append(row(1));
        CompletableFuture<Long> waiting = appendElsewhere(prefix, row(2));

        prefix.end();

        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> prefix.append(row(3))).isInstanceOf(InterruptedException.class);
        prefix.settle(2, false);
        assertThat(number(prefix)).isEqualTo(1);
    }

    @Test
    void a_confirm_for_what_was_never_published_is_an_error() throws Exception {
        ConfirmedPrefix prefix = warm(10);

        assertThatThrownBy(() -> prefix.settle(9, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatever_the_order_of_confirms_the_position_is_that_of_the_contiguous_prefix(long seed) throws Exception {
        Random random = new Random(seed);
        ConfirmedPrefix prefix = warm(8_192);
        List<Long> open = new ArrayList<>();
        boolean[] confirmed = new boolean[5_002];
        confirmed[1] = true;
        for (int n = 1; n <= 5_000; n++) {
            while (open.size() >= 64 || (!open.isEmpty() && random.nextInt(3) == 0)) {
                Collections.shuffle(open, random);
                long sequence = open.remove(0);
                boolean upTo = random.nextInt(8) == 0;
                prefix.settle(sequence, upTo);
                LongStream.rangeClosed(upTo ? 1 : sequence, sequence).forEach(s -> confirmed[(int) s] = true);
                open.removeIf(s -> confirmed[s.intValue()]);
                int contiguous = 1;
                while (contiguous < confirmed.length - 1 && confirmed[contiguous + 1]) {
                    contiguous++;
                }
                assertThat(number(prefix)).isEqualTo(contiguous - 1);
            }
            open.add(prefix.append(row(n)));
        }
    }

    /** A prefix whose first message, number 0, is confirmed. */
    private ConfirmedPrefix warm(int messages) throws InterruptedException {
        ConfirmedPrefix prefix = new ConfirmedPrefix(
                messages, 1 << 20, row -> settled.add(row.message().id()));
        prefix.settle(prefix.append(row(0)), false);
        return prefix;
    }

    private static CompletableFuture<Long> appendElsewhere(ConfirmedPrefix prefix, SourceEvent.Row row)
            throws Exception {
        CompletableFuture<Long> sequence = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                sequence.complete(prefix.append(row));
            } catch (InterruptedException e) {
                sequence.completeExceptionally(e);
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return sequence;
    }

    private static long number(ConfirmedPrefix prefix) {
        Position position = prefix.confirmed().position();
        return position == null ? -1 : position.pos();
    }

    private static Position position(long number) {
        return new Position(Map.of("pos", number));
    }

    private static SourceEvent.Row row(long number) {
        OutboxMessage message = new OutboxMessage(
                "orders.outbox",
                Long.toString(number),
                "Order",
                "1",
                null,
                "Placed",
                null,
                "x",
                "k",
                Map.of(),
                new byte[8]);
        return new SourceEvent.Row(message, position(number), SourceEvent.UNKNOWN_TIME);
    }
}
