package dev.outboxrelay.order;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.outboxrelay.order.outbox.Outbox;
import dev.outboxrelay.order.outbox.OutboxEvent;
import java.time.Clock;
import org.springframework.transaction.support.TransactionTemplate;

/** The commands. Each is one transaction with one event: after it returns, both are on disk; where it throws, neither is. */
final class Orders {
    private final TransactionTemplate transaction;
    private final OrderTables tables;
    private final Outbox outbox;
    private final Clock clock;

    Orders(TransactionTemplate transaction, OrderTables tables, Outbox outbox, Clock clock) {
        this.transaction = transaction;
        this.tables = tables;
        this.outbox = outbox;
        this.clock = clock;
    }

    Order place(String caller, PlaceOrder command) {
        Order order = Order.placed(UuidCreator.getTimeOrderedEpoch(), caller, command);
        transaction.executeWithoutResult(status -> {
            tables.insert(order);
            announce("OrderPlaced", order);
        });
        return order;
    }

    private void announce(String type, Order order) {
        OrderEvent payload = OrderEvent.of(order, clock.instant());
        outbox.append(new OutboxEvent("Order", order.id().toString(), order.version(), type, payload));
    }
}
