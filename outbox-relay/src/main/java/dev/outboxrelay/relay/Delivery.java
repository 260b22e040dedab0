package dev.outboxrelay.relay;

import dev.outboxrelay.relay.QuarantinedEvent.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.core.NestedRuntimeException;

/**
 * Takes one run's events to the broker: each row enters the prefix and is published; what can't be published goes into
 * quarantine. Whatever else goes wrong ends the run.
 */
final class Delivery implements EventSink {

    /** So many routes are tried alone before messages follow them; beyond that, waiting would cost more than it saves. */
    private static final int TRIED_ROUTES = 256;

    private final ConfirmedPrefix prefix;
    private final LeaseKeeper lease;
    private final Quarantine quarantine;
    private final Publisher publisher;
    private final RelayMetrics metrics;
    private final Consumer<RunEnd> end;
    private final Set<String> triedRoutes = new HashSet<>();

    Delivery(Relay relay, LeaseKeeper lease, ConfirmedPrefix prefix, Publisher publisher, Consumer<RunEnd> end) {
        this.prefix = prefix;
        this.lease = lease;
        this.publisher = publisher;
        this.end = end;
        quarantine = relay.quarantine();
        metrics = relay.metrics();
    }

    @Override
    public void accept(SourceEvent event) throws InterruptedException {
        if (event instanceof SourceEvent.Row row && !isPutAway(row.message())) {
            publish(row);
            return;
        }
        if (event instanceof SourceEvent.Poison poison) {
            isolate(QuarantinedEvent.of(poison.row()));
        }
        prefix.mark(event.position());
    }

    private void publish(SourceEvent.Row row) throws InterruptedException {
        OutboxMessage message = row.message();
        long sequence = prefix.append(row);
        if (!lease.isHeld()) {
            throw ended(new RunEnd.LeaseLost("The lease could not be prolonged in time"));
        }
        try {
            publisher.publish(sequence, message);
        } catch (IOException e) {
            throw ended(new RunEnd.Failed("Publishing failed: " + e.getMessage(), e));
        } catch (IllegalArgumentException e) { // properties that no frame can hold
            throw ended(new RunEnd.Unpublishable(message, String.valueOf(e.getMessage())));
        }
        metrics.published();
        // The first on a route goes alone: should no queue be bound, nothing has overtaken it.
        if (triedRoutes.size() < TRIED_ROUTES && triedRoutes.add(message.exchange() + '\n' + message.routingKey())) {
            prefix.awaitEmpty();
        }
    }

    private boolean isPutAway(OutboxMessage message) throws InterruptedException {
        String refusal = quarantine.refusalOf(message);
        if (refusal != null) {
            isolate(QuarantinedEvent.of(message, Reason.UNPUBLISHABLE, refusal));
            return true;
        }
        try {
            return quarantine.takes(message);
        } catch (NestedRuntimeException e) {
            throw ended(new RunEnd.Failed("The quarantine could not be written: " + e.getMessage(), e));
        } catch (Quarantine.FullException e) {
            throw ended(new RunEnd.Held(String.valueOf(e.getMessage())));
        }
    }

    /** Behind the confirm of all that comes before it: of an event that later goes away beside it, the broker has a copy. */
    private void isolate(QuarantinedEvent event) throws InterruptedException {
        prefix.awaitEmpty();
        try {
            quarantine.isolate(event);
        } catch (NestedRuntimeException e) {
            throw ended(new RunEnd.Failed("The quarantine could not be written: " + e.getMessage(), e));
        } catch (Quarantine.FullException e) {
            throw ended(new RunEnd.Held(String.valueOf(e.getMessage())));
        }
    }

    private InterruptedException ended(RunEnd reason) {
        end.accept(reason);
        return new InterruptedException("The run has ended");
    }
}
