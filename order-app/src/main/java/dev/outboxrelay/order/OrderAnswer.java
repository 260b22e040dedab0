package dev.outboxrelay.order;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.UUID;

/** All that a caller is told: what the command made of the order. */
@JsonPropertyOrder({"id", "status", "version", "currency", "totalMinor"})
record OrderAnswer(UUID id, OrderStatus status, long version, String currency, long totalMinor) {
    static OrderAnswer of(Order order) {
        return new OrderAnswer(order.id(), order.status(), order.version(), order.currency(), order.totalMinor());
    }
}
