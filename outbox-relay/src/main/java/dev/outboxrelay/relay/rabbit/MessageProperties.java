package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AMQP;
import dev.outboxrelay.relay.OutboxMessage;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

/**
 * The AMQP properties of a message.
 *
 * @param contentType of all payloads
 * @param appId {@code app_id}: this relay's name
 */
record MessageProperties(String contentType, String appId) {

    private static final int PERSISTENT = 2;

    AMQP.BasicProperties of(OutboxMessage message) {
        Map<String, Object> headers = new HashMap<>(message.headers());
        headers.put("aggregate-type", message.aggregateType());
        headers.put("aggregate-id", message.aggregateId());
        if (message.aggregateVersion() != null) {
            headers.put("aggregate-version", message.aggregateVersion());
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
}
