package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message in the parked queue. */
public final class ParkedMessage {
    /** The reason of a message that the broker put here, not the worker. */
    public static final String DEAD_LETTERED = "DEAD_LETTERED";

    private final long tag;
    private final BasicProperties properties;
    private final byte[] body;

    ParkedMessage(long tag, BasicProperties properties, byte[] body) {
        this.tag = tag;
        this.properties = properties;
        this.body = body;
    }

    /** Empty where the message has none: it can be found by its reason only. */
    public Optional<String> id() {
        return Optional.ofNullable(properties.getMessageId());
    }

    public String type() {
        return orDash(properties.getType());
    }

    public String order() {
        return orDash(Headers.text(properties, Headers.AGGREGATE_ID));
    }

    /** The place among the events of its order; 0 where it has none. */
    public long version() {
        Long version = Headers.number(properties, Headers.AGGREGATE_VERSION);
        return version == null ? 0 : version;
    }

    public String reason() {
        String reason = Headers.text(properties, Headers.PARKED_REASON);
        return reason == null ? DEAD_LETTERED : reason;
    }

    public String detail() {
        return orDash(Headers.text(properties, Headers.PARKED_DETAIL));
    }

    public String reply() {
        return orDash(Headers.text(properties, Headers.PARKED_REPLY));
    }

    public long attempts() {
        Long attempts = Headers.number(properties, Headers.ATTEMPTS);
        return attempts == null ? 0 : attempts;
    }

    public Optional<Instant> firstAt() {
        return time(Headers.PARKED_FIRST_AT);
    }

    public Optional<Instant> parkedAt() {
        return time(Headers.PARKED_AT);
    }

    public int size() {
        return body.length;
    }

    public String payload() {
        return new String(body, StandardCharsets.UTF_8);
    }

    long tag() {
        return tag;
    }

    BasicProperties properties() {
        return properties;
    }

    byte[] body() {
        return body;
    }

    private Optional<Instant> time(String header) {
        return properties.getHeaders() != null && properties.getHeaders().get(header) instanceof Date date
                ? Optional.of(date.toInstant())
                : Optional.empty();
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
