package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AMQP;
import dev.outboxrelay.relay.OutboxMessage;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The AMQP properties of a message.
 *
 * @param contentType of all payloads
 * @param appId {@code app_id}: this relay's name
 * @param source given, a message is a CloudEvent in binary content mode as well
 */
record MessageProperties(
        String contentType, String appId, @Nullable URI source) {

    private static final int PERSISTENT = 2;

    /** Of the two that CloudEvents 1.0.2 allows (AMQP binding, 3.1.3.1), the one that JMS can read. */
    private static final String CLOUD_EVENTS = "cloudEvents_";

    AMQP.BasicProperties of(OutboxMessage message) {
        Map<String, Object> headers = new HashMap<>(message.headers());
        headers.put("aggregate-type", message.aggregateType());
        headers.put("aggregate-id", message.aggregateId());
        if (message.aggregateVersion() != null) {
            headers.put("aggregate-version", message.aggregateVersion());
        }
        if (source != null) {
            addCloudEvent(source.toString(), message, headers);
        }
        Instant createdAt = message.createdAt();
        return new AMQP.BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .messageId(message.id())
                .type(message.type())
                .timestamp(createdAt == null ? null : Date.from(createdAt))
                .contentType(contentType)
                .appId(appId)
                .headers(headers)
                .build();
    }

    /** All as text, which the binding allows: a timestamp of AMQP 0-9-1 has seconds only. */
    private static void addCloudEvent(String source, OutboxMessage message, Map<String, Object> headers) {
        headers.put(CLOUD_EVENTS + "specversion", "1.0");
        headers.put(CLOUD_EVENTS + "id", message.id());
        headers.put(CLOUD_EVENTS + "source", source);
        headers.put(CLOUD_EVENTS + "type", message.type());
        if (!message.aggregateId().isEmpty()) {
            headers.put(CLOUD_EVENTS + "subject", message.aggregateId());
        }
        if (message.createdAt() != null) {
            headers.put(CLOUD_EVENTS + "time", message.createdAt().toString());
        }
    }
}
