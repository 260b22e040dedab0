package dev.outboxrelay.order;

import java.util.List;
import java.util.UUID;

/** @param version 1 when it is placed, and one more with every command since */
record Order(
        UUID id,
        String placedBy,
        String customer,
        String email,
        String locale,
        String currency,
        long totalMinor,
        OrderStatus status,
        long version,
        List<OrderLine> lines) {

    static Order placed(UUID id, String placedBy, PlaceOrder command) {
        return new Order(
                id,
                placedBy,
                command.customer(),
                command.email(),
                command.locale(),
                command.currency(),
                command.totalMinor(),
                OrderStatus.PLACED,
                1,
                command.lines());
    }

    Order after(Transition transition) {
        return new Order(
                id, placedBy, customer, email, locale, currency, totalMinor, transition.to(), version + 1, lines);
    }

    Order of(List<OrderLine> others) {
        return new Order(id, placedBy, customer, email, locale, currency, totalMinor, status, version, others);
    }
}
