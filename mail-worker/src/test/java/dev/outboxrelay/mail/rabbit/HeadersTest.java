package dev.outboxrelay.mail.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static final BasicProperties ORIGINAL = new BasicProperties.Builder()
            .messageId("event-1")
            .type("OrderPlaced")
            .timestamp(Date.from(NOW))
            .contentType("application/json")
            .appId("outbox-relay")
            .deliveryMode(1)
            .expiration("1000")
            .userId("relay")
            .replyTo("elsewhere")
            .headers(Map.of(
                    "aggregate-id",
                    "4711",
                    "traceparent",
                    "00-1-2-01",
                    "caller",
                    "shop",
                    "x-death",
                    List.of(Map.of("count", 3L)),
                    "x-delivery-count",
                    7L,
                    "CC",
                    List.of("other"),
                    "BCC",
                    List.of("other")))
            .build();

    @Test
    void a_copy_that_is_tried_again_counts_its_attempts_in_a_header_of_ours_and_goes_nowhere_else() {
        BasicProperties copy = Headers.retried(ORIGINAL, 3);

        assertThat(copy.getHeaders())
                .containsOnlyKeys("aggregate-id", "traceparent", "caller", "mail-attempts")
                .containsEntry("mail-attempts", 3);
        assertThat(incoming(copy).attempts()).isEqualTo(3);
        assertThat(copy.getDeliveryMode()).isEqualTo(2);
        assertThat(copy.getMessageId()).isEqualTo("event-1");
        assertThat(copy.getType()).isEqualTo("OrderPlaced");
        assertThat(copy.getTimestamp()).isEqualTo(Date.from(NOW));
        assertThat(copy.getExpiration()).isNull();
        assertThat(copy.getUserId()).isNull();
        assertThat(copy.getReplyTo()).isNull();
    }

    @Test
    void a_parked_copy_says_why_what_was_answered_how_often_and_when_first_and_last() {
        Parking parking = new Parking(ParkReason.REFUSED, "refused", "550 no", 4, Duration.ofHours(1));

        BasicProperties copy = Headers.parked(ORIGINAL, parking, NOW);

        assertThat(copy.getHeaders())
                .containsEntry("parked-reason", "REFUSED")
                .containsEntry("parked-detail", "refused")
                .containsEntry("parked-reply", "550 no")
                .containsEntry("mail-attempts", 4)
                .containsEntry("parked-first-at", Date.from(NOW.minus(Duration.ofHours(1))))
                .containsEntry("parked-at", Date.from(NOW))
                .containsEntry("caller", "shop");
        assertThat(Headers.replayed(copy).getHeaders()).containsOnlyKeys("aggregate-id", "traceparent", "caller");
    }

    @Test
    void a_count_that_somebody_else_wrote_does_no_harm() {
        for (Object written : new Object[] {"many", "-3", -3L, "99999999999999999999", List.of(1)}) {
            BasicProperties odd = new BasicProperties.Builder()
                    .headers(Map.of("mail-attempts", written))
                    .build();

            assertThat(incoming(odd).attempts()).isZero();
        }
    }

    private static Incoming incoming(BasicProperties properties) {
        return Headers.incoming("exchange:key:queue", "queue", properties, new byte[0]);
    }
}
