package dev.outboxrelay.relay;

import java.util.concurrent.CompletableFuture;

/** Turns the broker's answers into the prefix's progress, or into the end of the run. */
final class Answers implements Publisher.Confirms {

    private final CompletableFuture<RunEnd> end;
    private final ConfirmedPrefix prefix;
    private final RelayMetrics metrics;

    Answers(CompletableFuture<RunEnd> end, ConfirmedPrefix prefix, RelayMetrics metrics) {
        this.end = end;
        this.prefix = prefix;
        this.metrics = metrics;
    }

    @Override
    public void confirmed(long sequence, boolean upTo) {
        prefix.settle(sequence, upTo);
    }

    @Override
    public void returned(String messageId, String exchange, String routingKey, String reply) {
        metrics.returned();
        String why =
                "no queue is bound to exchange '%s' for routing key '%s' (%s)".formatted(exchange, routingKey, reply);
        prefix.find(inFlight -> inFlight.id().equals(messageId)
                        && inFlight.exchange().equals(exchange)
                        && inFlight.routingKey().equals(routingKey))
                .or(() -> prefix.at(1, true)) // not ours? Then nothing is known to have arrived.
                .ifPresent(message -> refused(message, why));
    }

    @Override
    public void nacked(long sequence, boolean upTo) {
        metrics.nacked();
        prefix.at(sequence, upTo).ifPresent(found -> refused(found, "the broker could not take it (basic.nack)"));
    }

    @Override
    public void lost(String reason) {
        end(new RunEnd.Failed("The connection to RabbitMQ has ended: " + reason, new IllegalStateException(reason)));
    }

    private void refused(ConfirmedPrefix.InFlight inFlight, String why) {
        prefix.refuse(inFlight.sequence());
        end(new RunEnd.Refused(inFlight.row().message(), why));
    }

    private void end(RunEnd reason) {
        end.complete(reason);
        prefix.end();
    }
}
