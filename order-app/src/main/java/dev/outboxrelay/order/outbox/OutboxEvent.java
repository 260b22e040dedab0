package dev.outboxrelay.order.outbox;

/**
 * Something that happened to an aggregate.
 *
 * @param aggregateType the first word of the routing key
 * @param aggregateId events of one aggregate are published in the order in which they were committed
 * @param aggregateVersion grows by one with every event of the aggregate
 * @param type the second word of the routing key
 * @param payload what becomes the JSON body of the message; serialised once, and its bytes are never touched again
 */
public record OutboxEvent(
        String aggregateType, String aggregateId, long aggregateVersion, String type, Object payload) {}
