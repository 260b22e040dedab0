package dev.outboxrelay.order;

/** Where an order stands. */
enum OrderStatus {
    PLACED,
    PAID,
    SHIPPED,
    CANCELLED
}
