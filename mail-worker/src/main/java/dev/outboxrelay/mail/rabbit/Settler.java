package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import dev.outboxrelay.mail.Handling;
import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.Parking;
import dev.outboxrelay.mail.Settlement;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a delivery handled and does what the handler says; never acknowledges before a copy is confirmed elsewhere. */
final class Settler {
    private static final Logger log = LoggerFactory.getLogger(Settler.class);

    /** A defect of ours is not cured by trying more often. */
    private static final int MAX_FAILURES = 5;

    private final Handling handler;
    private final QueueSettings queues;
    private final Forwarder forwarder;
    private final Clock clock;
    private final Run run;

    Settler(Handling handler, QueueSettings queues, Forwarder forwarder, Clock clock, Run run) {
        this.handler = handler;
        this.queues = queues;
        this.forwarder = forwarder;
        this.clock = clock;
        this.run = run;
    }

    /** Handles and settles; the wait after which it wants to be called again with the same delivery, if so. */
    Optional<Duration> settle(Delivery delivery) throws InterruptedException {
        // Where the run is over, the message before this one may have gone back, and this one must come behind it.
        if (run.isOver() || !delivery.partition().begin()) {
            return Optional.empty(); // it goes back to its queue
        }
        try {
            return handle(delivery.incoming()).on(new Act(delivery));
        } finally {
            delivery.partition().end();
        }
    }

    private Settlement handle(Incoming message) throws InterruptedException {
        try {
            return handler.handle(message);
        } catch (RuntimeException e) {
            int failures = message.attempts() + 1;
            log.error("Message {} could not be handled, attempt {}", message.messageId(), failures, e);
            return failures < MAX_FAILURES
                    ? new Settlement.Retry(queues.delays().get(0), failures, false)
                    : new Settlement.Park(new Parking(ParkReason.ERROR, e.toString(), null, failures, Duration.ZERO));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return "a mail that was sent could not be recorded: " + cause.getMessage();
    }

    private void forward(Delivery delivery, String queue, BasicProperties properties) {
        try {
            forwarder.forward(queue, properties, delivery.body());
            delivery.ack();
        } catch (IOException | AlreadyClosedException e) {
            run.fail("a message could not be moved to " + queue + ", it will be redelivered: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            run.fail("interrupted while moving a message to " + queue + ", it will be redelivered");
        }
    }

    /** The ways to settle. */
    private final class Act implements Settlement.Cases<Optional<Duration>> {
        private final Delivery delivery;

        Act(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public Optional<Duration> ack(Settlement.Ack ack) {
            delivery.partition().goesOn();
            var unused = ack.recorded().whenComplete((done, failure) -> {
                if (failure == null) {
                    delivery.ack();
                } else {
                    run.pause(reason(failure));
                }
                delivery.partition().end();
            });
            return Optional.empty();
        }

        @Override
        public Optional<Duration> retry(Settlement.Retry retry) {
            if (retry.keepsPlace() && retry.after().compareTo(queues.inHand()) <= 0) {
                return Optional.of(retry.after());
            }
            forward(
                    delivery,
                    queues.delayedAtLeast(retry.after()),
                    Headers.retried(delivery.properties(), retry.attempts()));
            return Optional.empty();
        }

        @Override
        public Optional<Duration> park(Settlement.Park park) {
            forward(delivery, queues.parked(), Headers.parked(delivery.properties(), park.parking(), clock.instant()));
            return Optional.empty();
        }

        @Override
        public Optional<Duration> giveBack(Settlement.GiveBack giveBack) {
            run.pause(giveBack.obstacle());
            return Optional.empty();
        }
    }
}
