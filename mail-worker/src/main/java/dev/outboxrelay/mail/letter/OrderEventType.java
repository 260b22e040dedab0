package dev.outboxrelay.mail.letter;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events that there is a mail for; each has a template of its name for text and for HTML. */
enum OrderEventType {
    OrderPlaced,
    OrderPaid,
    OrderShipped,
    OrderCancelled;

    static Optional<OrderEventType> of(@Nullable String type) {
        return Arrays.stream(values()).filter(one -> one.name().equals(type)).findAny();
    }
}
