package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Parking;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Between AMQP properties and ours. */
final class Headers {
    static final String AGGREGATE_ID = "aggregate-id";
    static final String AGGREGATE_VERSION = "aggregate-version";
    static final String ATTEMPTS = "mail-attempts";
    static final String PARKED_REASON = "parked-reason";
    static final String PARKED_DETAIL = "parked-detail";
    static final String PARKED_REPLY = "parked-reply";
    static final String PARKED_FIRST_AT = "parked-first-at";
    static final String PARKED_AT = "parked-at";

    private static final Set<String> TRACE = Set.of("traceparent", "tracestate");

    private static final Set<String> READ = Set.of(
            AGGREGATE_ID,
            AGGREGATE_VERSION,
            ATTEMPTS,
            PARKED_REASON,
            PARKED_DETAIL,
            PARKED_REPLY,
            PARKED_FIRST_AT,
            PARKED_AT,
            "traceparent",
            "tracestate");

    /** They would send the copy to further queues. */
    private static final Set<String> ROUTING = Set.of("CC", "BCC");

    private Headers() {}

    static Incoming incoming(String destination, String queue, BasicProperties properties, byte[] body) {
        Date timestamp = properties.getTimestamp();
        Long attempts = number(properties, ATTEMPTS);
        return new Incoming(
                destination,
                queue,
                properties.getMessageId(),
                properties.getType(),
                timestamp == null ? null : timestamp.toInstant(),
                text(properties, AGGREGATE_ID),
                number(properties, AGGREGATE_VERSION),
                attempts == null ? 0 : (int) Math.min(Math.max(attempts, 0), Integer.MAX_VALUE),
                trace(properties),
                body);
    }

    private static Map<String, String> trace(BasicProperties properties) {
        Map<String, String> trace = new HashMap<>();
        for (String name : TRACE) {
            String value = text(properties, name);
            if (value != null) {
                trace.put(name, value);
            }
        }
        return trace;
    }

    static BasicProperties retried(BasicProperties original, int attempts) {
        Map<String, Object> headers = kept(original);
        headers.put(ATTEMPTS, attempts);
        return copy(original, headers);
    }

    static BasicProperties parked(BasicProperties original, Parking parking, Instant now) {
        Map<String, Object> headers = kept(original);
        headers.put(ATTEMPTS, parking.attempts());
        headers.put(PARKED_REASON, parking.reason().name());
        headers.put(PARKED_DETAIL, parking.detail());
        if (parking.reply() != null) {
            headers.put(PARKED_REPLY, parking.reply());
        }
        headers.put(PARKED_FIRST_AT, Date.from(now.minus(parking.age())));
        headers.put(PARKED_AT, Date.from(now));
        return copy(original, headers);
    }

    /** As it was before it was tried and parked. */
    static BasicProperties replayed(BasicProperties parked) {
        Map<String, Object> headers = kept(parked);
        headers.keySet()
                .removeAll(Set.of(ATTEMPTS, PARKED_REASON, PARKED_DETAIL, PARKED_REPLY, PARKED_FIRST_AT, PARKED_AT));
        return copy(parked, headers);
    }

    /** With no other headers than those that this worker reads, and of these only what has a reasonable length. */
    static BasicProperties ours(BasicProperties properties) {
        Map<String, Object> headers = kept(properties);
        headers.keySet().retainAll(READ);
        headers.values().removeIf(value -> value.toString().length() > Parking.MAX_TEXT);
        return copy(properties, headers);
    }

    /** The broker's own records (x-…) are not handed on, and neither is what would route the copy elsewhere. */
    private static Map<String, Object> kept(BasicProperties original) {
        Map<String, Object> headers = new HashMap<>();
        if (original.getHeaders() != null) {
            original.getHeaders().forEach((name, value) -> {
                if (!name.startsWith("x-") && !ROUTING.contains(name)) {
                    headers.put(name, value);
                }
            });
        }
        return headers;
    }

    /** Without expiration, user_id and reply_to, with which the broker would drop or refuse the copy. */
    private static BasicProperties copy(BasicProperties original, Map<String, Object> headers) {
        return new BasicProperties.Builder()
                .contentType(original.getContentType())
                .contentEncoding(original.getContentEncoding())
                .headers(headers)
                .deliveryMode(2)
                .correlationId(original.getCorrelationId())
                .messageId(original.getMessageId())
                .timestamp(original.getTimestamp())
                .type(original.getType())
                .appId(original.getAppId())
                .build();
    }

    static @Nullable String text(BasicProperties properties, String name) {
        Object value =
                properties.getHeaders() == null ? null : properties.getHeaders().get(name);
        return value == null ? null : value.toString();
    }

    static @Nullable Long number(BasicProperties properties, String name) {
        String text = text(properties, name);
        return text != null && text.matches("-?[0-9]{1,18}") ? Long.valueOf(text) : null;
    }
}
