package dev.outboxrelay.mail.run;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.outboxrelay.local.ReceivedMail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** An event as the relay publishes it. */
record Event(String id, String type, String orderId, long version, byte[] body) {
    /** Of an order that was never mentioned before. */
    static Event placed() {
        return of("OrderPlaced", UUID.randomUUID().toString(), 1, "");
    }

    static List<Event> placed(int count) {
        return IntStream.range(0, count).mapToObj(i -> placed()).toList();
    }

    /**
     * Of any type.
     *
     * @param more further JSON fields, beginning with a comma
     */
    static Event of(String type, String orderId, long version, String more) {
        String json = """
                {"orderId":"%s","version":%d,"occurredAt":"2026-01-01T00:00:00.000000Z","customer":"王小明",\
                "email":"xiaoming@example.com","locale":"zh-CN","currency":"CNY","totalMinor":25600,\
                "lines":[{"sku":"TEA-001","name":"龙井茶","quantity":2,"unitPriceMinor":12800,"lineTotalMinor":25600}]%s}""".formatted(orderId, version, more);
        return new Event(UUID.randomUUID().toString(), type, orderId, version, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Of which events these mails are. */
    static List<String> ids(List<ReceivedMail> mails) {
        return mails.stream()
                .map(mail -> mail.header("X-Event-Id").orElseThrow())
                .toList();
    }

    Event withBody(String text) {
        return new Event(id, type, orderId, version, text.getBytes(StandardCharsets.UTF_8));
    }

    Event to(String email) {
        return withBody(new String(body, StandardCharsets.UTF_8).replace("xiaoming@example.com", email));
    }

    BasicProperties properties() {
        if (orderId.isEmpty()) {
            return new BasicProperties();
        }
        Map<String, Object> headers = new HashMap<>();
        headers.put("aggregate-type", "Order");
        headers.put("aggregate-id", orderId);
        headers.put("aggregate-version", version);
        headers.put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        return new BasicProperties.Builder()
                .messageId(id.isEmpty() ? null : id)
                .type(type)
                .timestamp(Date.from(Instant.now()))
                .contentType("application/json")
                .deliveryMode(2)
                .appId("outbox-relay")
                .headers(headers)
                .build();
    }
}
