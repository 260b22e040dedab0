package dev.outboxrelay.mail;

import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.LetterWriter.Written;
import dev.outboxrelay.mail.LetterWriter.Written.Ready;
import dev.outboxrelay.mail.LetterWriter.Written.Unreadable;
import dev.outboxrelay.mail.WorkerMeters.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main path: claim and meanwhile write, send, record. A settlement is due only once the record behind it is durable,
 * so it may be lost or done twice: the redelivery finds the record and is settled the same way. Nobody waits for the record
 * of a mail that was sent: the next claim is granted together with it or later, so one mail per consumer is underway as
 * before.
 */
public final class MailHandler implements Handling {
    private static final Logger log = LoggerFactory.getLogger(MailHandler.class);

    private final Rules rules;
    private final Claims claims;
    private final LetterWriter writer;
    private final Mailer mailer;
    private final WorkerMeters meters;
    private final Clock clock;

    public MailHandler(
            Rules rules, Claims claims, LetterWriter writer, Mailer mailer, WorkerMeters meters, Clock clock) {
        this.rules = rules;
        this.claims = claims;
        this.writer = writer;
        this.mailer = mailer;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public Settlement handle(Incoming message) throws InterruptedException {
        meters.consumed();
        Optional<Parking> unfit = Envelope.problem(message);
        if (unfit.isPresent()) {
            return meters.parked(unfit.get());
        }
        try {
            CompletableFuture<Claim> asked = claims.claim(message);
            // Written while the database is at work, but not for a duplicate that needs no database.
            Optional<Draft> ahead = asked.isDone() ? Optional.empty() : ahead(message);
            return await(asked).on(new Answer(message, ahead));
        } catch (ClaimsUnavailableException e) {
            meters.count(Outcome.GIVEN_BACK);
            return new Settlement.GiveBack(String.valueOf(e.getMessage()));
        }
    }

    private static Claim await(CompletableFuture<Claim> asked) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** None where writing fails: it is tried once more, and fails for good, only where the mail may be sent. */
    private Optional<Draft> ahead(Incoming message) {
        try {
            return Optional.of(draft(message));
        } catch (RuntimeException e) {
            log.debug("Message {} could not be written ahead", message.messageId(), e);
            return Optional.empty();
        }
    }

    private Draft draft(Incoming message) {
        Written written = message.body().length > rules.maxBody() ? tooLarge(message) : writer.write(message);
        if (written instanceof Unreadable unreadable) {
            return new Draft(endNanos -> unreadable.asOutcome(), message.timestamp());
        }
        Letter letter = ((Ready) written).letter();
        return new Draft(mailer.prepare(letter), letter.occurredAt().orElse(message.timestamp()));
    }

    private Unreadable tooLarge(Incoming message) {
        return new Unreadable(
                ParkReason.TOO_LARGE,
                "the body has %d bytes, mail-worker.max-body is %d".formatted(message.body().length, rules.maxBody()));
    }

    /** A mail that lacks nothing but the right to be sent, and since when it is due. */
    private record Draft(Mailer.Sending mail, @Nullable Instant since) {}

    /** What follows from the answer to the claim. */
    private final class Answer implements Claim.Cases<Settlement> {
        private final Incoming message;
        private final Optional<Draft> ahead;

        Answer(Incoming message, Optional<Draft> ahead) {
            this.message = message;
            this.ahead = ahead;
        }

        @Override
        public Settlement granted(Claim.Granted claim) throws InterruptedException {
            if (claim.afterUnknown()) {
                log.warn(
                        "Message {} was being sent by a worker that has gone, outcome UNKNOWN; sent again",
                        message.messageId());
                meters.count(Outcome.UNKNOWN);
            }
            Draft draft;
            try {
                draft = ahead.orElseGet(() -> draft(message));
            } catch (RuntimeException e) {
                return conclusion(claim, message.timestamp()).notWritten(e);
            }
            return draft.mail().send(claim.leaseEndNanos()).on(conclusion(claim, draft.since()));
        }

        private Conclusion conclusion(Claim.Granted claim, @Nullable Instant since) {
            return new Conclusion(since, claim, rules, claims, meters, clock);
        }

        @Override
        public Settlement settled(Claim.Settled settled) {
            log.debug("Message {} is a duplicate; acknowledged once the first is recorded", message.messageId());
            return new Settlement.Ack(settled.recorded()
                    .whenComplete(
                            (done, failure) -> meters.count(failure == null ? Outcome.DUPLICATE : Outcome.GIVEN_BACK)));
        }

        @Override
        public Settlement notYet(Claim.NotYet notYet) {
            meters.count(Outcome.HELD);
            return new Settlement.Retry(notYet.remaining(), notYet.attempts(), true);
        }

        @Override
        public Settlement behind(Claim.Behind behind) {
            meters.count(Outcome.HELD);
            return new Settlement.Retry(behind.remaining(), message.attempts(), false);
        }

        @Override
        public Settlement givenUp(Claim.GivenUp givenUp) {
            Parking parking = givenUp.parking();
            if (givenUp.now()) {
                log.warn("Message {} parked: {}", message.messageId(), parking.reason());
            }
            if (givenUp.now() && parking.reason() == ParkReason.UNKNOWN_OUTCOME) {
                meters.count(Outcome.UNKNOWN);
            }
            return meters.parked(parking);
        }
    }

    /**
     * The handler's part of the settings.
     *
     * @param maxBody in bytes
     * @param resends how often a mail that may have been sent is sent again before somebody is asked
     * @param throttleDelay the wait after the mail server asked for less
     */
    public record Rules(long maxBody, RetryPlan retries, int resends, Duration throttleDelay) {}
}
