package dev.outboxrelay.relay;

import dev.outboxrelay.relay.ConfirmedPrefix.InFlight;
import dev.outboxrelay.relay.QuarantinedEvent.Reason;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the broker's answers into the prefix's progress, or into the end of the run. */
final class Answers implements Publisher.Confirms {

    /** How RabbitMQ closes a channel over a message larger than its {@code max_message_size}. */
    private static final Pattern TOO_LARGE = Pattern.compile("message size (\\d+) (?:is )?larger than");

    private final ConfirmedPrefix prefix;
    private final Relay relay;
    private final Consumer<RunEnd> end;
    private final Queue<Unroutable> unroutable = new ConcurrentLinkedQueue<>();

    private record Unroutable(InFlight message, String why) {}

    Answers(Relay relay, ConfirmedPrefix prefix, Consumer<RunEnd> end) {
        this.relay = relay;
        this.prefix = prefix;
        this.end = end;
    }

    @Override
    public void confirmed(long sequence, boolean upTo) {
        prefix.settle(sequence, upTo);
    }

    @Override
    public void returned(String messageId, String exchange, String routingKey, String reply) {
        relay.metrics().returned();
        String why =
                "no queue is bound to exchange '%s' for routing key '%s' (%s)".formatted(exchange, routingKey, reply);
        prefix.find(inFlight -> inFlight.id().equals(messageId)
                        && inFlight.exchange().equals(exchange)
                        && inFlight.routingKey().equals(routingKey))
                .or(() -> prefix.at(1, true)) // not ours? Then nothing is known to have arrived.
                .ifPresent(message -> unroutable(message, why));
    }

    @Override
    public void nacked(long sequence, boolean upTo) {
        relay.metrics().nacked();
        prefix.at(sequence, upTo).ifPresent(message -> {
            prefix.refuse(message.sequence());
            end.accept(new RunEnd.Refused(message.row().message(), "the broker could not take it (basic.nack)"));
        });
    }

    @Override
    public void lost(String reason) {
        Optional<InFlight> culprit = tooLarge(reason);
        String what = "The connection to RabbitMQ has ended: " + reason;
        end.accept(
                culprit.isPresent()
                        ? new RunEnd.Unpublishable(culprit.get().row().message(), reason)
                        : new RunEnd.Failed(what, new IllegalStateException(what)));
    }

    /**
     * Puts the unroutable messages into quarantine and so settles them. Not done where they come back: that thread must not wait
     * for the database.
     */
    void park() {
        for (Unroutable returned = unroutable.peek(); returned != null; returned = unroutable.peek()) {
            relay.quarantine()
                    .isolate(
                            QuarantinedEvent.of(returned.message().row().message(), Reason.UNROUTABLE, returned.why()));
            prefix.accept(returned.message().sequence());
            unroutable.remove();
        }
    }

    private void unroutable(InFlight message, String why) {
        prefix.refuse(message.sequence());
        if (relay.config().unroutable() == RelayConfig.Unroutable.PARK) {
            unroutable.add(new Unroutable(message, why));
        } else {
            end.accept(new RunEnd.Refused(message.row().message(), why));
        }
    }

    private Optional<InFlight> tooLarge(String reason) {
        Matcher size = TOO_LARGE.matcher(reason);
        return size.find()
                ? prefix.find(message -> message.payload().length == Long.parseLong(size.group(1)))
                : Optional.empty();
    }
}
