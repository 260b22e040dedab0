package dev.outboxrelay.order;

/** The state machine: in which states a command is allowed, to which it leads, and the event that tells of it. */
enum Transition {
    PAYMENT(OrderStatus.PAID, "OrderPaid"),
    SHIPMENT(OrderStatus.SHIPPED, "OrderShipped"),
    CANCELLATION(OrderStatus.CANCELLED, "OrderCancelled");

    private final OrderStatus to;
    private final String eventType;

    Transition(OrderStatus to, String eventType) {
        this.to = to;
        this.eventType = eventType;
    }

    boolean isAllowedIn(OrderStatus status) {
        return switch (this) {
            case PAYMENT -> status == OrderStatus.PLACED;
            case SHIPMENT -> status == OrderStatus.PAID;
            case CANCELLATION -> status == OrderStatus.PLACED || status == OrderStatus.PAID;
        };
    }

    OrderStatus to() {
        return to;
    }

    String eventType() {
        return eventType;
    }
}
