package dev.outboxrelay.order;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.outboxrelay.order.Outcome.Done;
import dev.outboxrelay.order.Outcome.Refusal;
import dev.outboxrelay.order.Outcome.Refused;
import dev.outboxrelay.order.outbox.Outbox;
import dev.outboxrelay.order.outbox.OutboxEvent;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The commands. Each is one transaction with one event: where it is done, both are on disk; where it is refused or fails,
 * neither is.
 */
final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
    private static final byte[] NONE = {};

    private final TransactionTemplate transaction;
    private final OrderTables tables;
    private final IdempotencyKeys keys;
    private final Outbox outbox;
    private final Answers answers;
    private final Clock clock;

    Orders(
            TransactionTemplate transaction,
            OrderTables tables,
            IdempotencyKeys keys,
            Outbox outbox,
            Answers answers,
            Clock clock) {
        this.transaction = transaction;
        this.tables = tables;
        this.keys = keys;
        this.outbox = outbox;
        this.answers = answers;
        this.clock = clock;
    }

    Outcome place(Call call, PlaceOrder command) {
        Order order = Order.placed(UuidCreator.getTimeOrderedEpoch(), call.caller(), command);
        byte[] fingerprint = fingerprint(call, "ORDER", null, command);
        return once(call, fingerprint, () -> {
            Answer answer = answers.created(order);
            keys.take(call, fingerprint, answer);
            tables.insert(order);
            announce("OrderPlaced", order, null);
            return new Done(answer, false);
        });
    }

    /** A key that was taken is looked at under the order's lock: before that, its command may still be going on. */
    Outcome change(Call call, UUID id, IfMatch condition, Change change) {
        byte[] fingerprint = fingerprint(call, change.transition().name(), id, change);
        return once(call, fingerprint, () -> {
            Optional<Order> order = tables.lock(id, call.caller());
            if (order.isEmpty()) {
                return new Refused(Refusal.UNKNOWN_ORDER, "There is no such order.");
            }
            return keys.find(call, fingerprint)
                    .orElseGet(() -> change(call, fingerprint, order.get(), condition, change));
        });
    }

    private Outcome change(Call call, byte[] fingerprint, Order order, IfMatch condition, Change change) {
        if (!condition.matches(order)) {
            return new Refused(Refusal.WRONG_VERSION, "The order has version " + order.version() + ".");
        }
        if (!change.transition().isAllowedIn(order.status())) {
            return new Refused(Refusal.WRONG_STATE, "The order is " + order.status() + ".");
        }
        Order changed = order.after(change.transition());
        Answer answer = answers.changed(changed);
        keys.take(call, fingerprint, answer);
        tables.update(changed);
        announce(change.transition().eventType(), changed, change);
        return new Done(answer, false);
    }

    /** Who comes second with a key waits for the first, for as long as MySQL lets it wait for a lock. */
    private Outcome once(Call call, byte[] fingerprint, Supplier<Outcome> command) {
        try {
            return within(command);
        } catch (DuplicateKeyException e) {
            return within(() -> keys.find(call, fingerprint)).orElseGet(Orders::inProgress);
        } catch (InProgressException e) {
            return inProgress();
        }
    }

    private <T> T within(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    private byte[] fingerprint(Call call, String operation, @Nullable UUID id, Object command) {
        return call.key() == null ? NONE : answers.fingerprint(operation, id, command);
    }

    private static Outcome inProgress() {
        return new Refused(Refusal.IN_PROGRESS, "Another command with this key or on this order is being carried out.");
    }

    private void announce(String type, Order order, @Nullable Change change) {
        OrderEvent payload = OrderEvent.of(order, change, clock.instant());
        UUID event = outbox.append(new OutboxEvent("Order", order.id().toString(), order.version(), type, payload));
        LOG.debug("Order {} version {}: {} is event {}", order.id(), order.version(), type, event);
    }
}
