package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Database.Rows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FuzzIT {
    private static final long SEED = 20260101;

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

    @Test
    void ten_thousand_malformed_bodies_are_refused_without_a_row_or_a_500() {
        MalformedBodies bodies = new MalformedBodies(SEED);
        List<byte[]> malformed = Stream.generate(bodies::next).limit(10_000).toList();
        Rows before = app.database().rows();
        Map<String, Integer> wrong = new ConcurrentHashMap<>();

        malformed.parallelStream().forEach(body -> {
            int status = app.api().postBytes("/v1/orders", body).status();
            if (status != 400) {
                wrong.put(start(body), status);
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(app.database().rows()).isEqualTo(before);
    }

    /** What a flipped bit makes may well be valid: then there must be a row, and otherwise none. */
    @Test
    void a_thousand_bodies_with_flipped_bits_are_stored_or_refused_and_nothing_else() {
        Random random = new Random(SEED);
        Rows before = app.database().rows();

        List<Integer> statuses = Stream.generate(() -> flipped(random)).limit(1_000).toList().parallelStream()
                .map(body -> app.api().postBytes("/v1/orders", body).status())
                .toList();

        assertThat(statuses).isSubsetOf(201, 400).contains(201, 400);
        long stored = statuses.stream().filter(status -> status == 201).count();
        assertThat(app.database().rows().orders()).isEqualTo(before.orders() + stored);
        assertThat(app.database().rows().events()).isEqualTo(before.events() + stored);
    }

    private static String start(byte[] body) {
        return new String(body, 0, Math.min(body.length, 300), StandardCharsets.UTF_8);
    }

    private static byte[] flipped(Random random) {
        byte[] body = Bodies.placeOrder().getBytes(StandardCharsets.UTF_8);
        for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return body;
    }
}
