package dev.outboxrelay.mail;

import dev.outboxrelay.mail.MailHandler.Rules;
import dev.outboxrelay.mail.WorkerMeters.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows from the outcome of sending: has it recorded, counts it, and says how to settle. */
final class Conclusion implements SendOutcome.Cases<Settlement> {
    private static final Logger log = LoggerFactory.getLogger(Conclusion.class);

    private static final int MAX_FAILURES = 5;

    private final @Nullable Instant since;
    private final Claim.Granted claim;
    private final Rules rules;
    private final Claims claims;
    private final WorkerMeters meters;
    private final Clock clock;

    /** Concludes one attempt; {@code since} is when the event happened, where that is known. */
    Conclusion(
            @Nullable Instant since,
            Claim.Granted claim,
            Rules rules,
            Claims claims,
            WorkerMeters meters,
            Clock clock) {
        this.since = since;
        this.claim = claim;
        this.rules = rules;
        this.claims = claims;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public Settlement accepted(SendOutcome.Accepted accepted) {
        CompletionStage<@Nullable Void> recorded = claims.sent(claim, accepted.reply())
                .whenComplete((done, failure) -> meters.count(failure == null ? Outcome.SENT : Outcome.GIVEN_BACK));
        if (since != null) {
            meters.latency(Duration.between(since, clock.instant()));
        }
        return new Settlement.Ack(recorded);
    }

    @Override
    public Settlement refused(SendOutcome.Refused refused) {
        boolean answered = refused.reason() == ParkReason.REFUSED;
        return answered
                ? giveUp(refused.reason(), refused.reason().sentence(), refused.detail())
                : giveUp(refused.reason(), refused.detail(), null);
    }

    @Override
    public Settlement deferred(SendOutcome.Deferred deferred) {
        Optional<Duration> delay = rules.retries().next(claim.attempt(), claim.age());
        if (delay.isEmpty()) {
            return giveUp(ParkReason.EXPIRED, ParkReason.EXPIRED.sentence(), deferred.reply());
        }
        log.info(
                "Message {} deferred at attempt {}: {}; tried again in {}",
                claim.messageId(),
                claim.attempt(),
                withoutAddresses(deferred.reply()),
                delay.get());
        claims.retry(claim, deferred.reply(), delay.get());
        meters.count(Outcome.RETRIED);
        return new Settlement.Retry(delay.get(), claim.attempt(), true);
    }

    @Override
    public Settlement unknown(SendOutcome.Unknown unknown) {
        meters.count(Outcome.UNKNOWN);
        Optional<Duration> delay = rules.retries().next(claim.attempt(), claim.age());
        if (claim.unknowns() >= rules.resends() || delay.isEmpty()) {
            return giveUp(ParkReason.UNKNOWN_OUTCOME, unknown.cause(), null);
        }
        log.warn(
                "Message {} may have been sent, outcome UNKNOWN: {}; sent again in {}",
                claim.messageId(),
                withoutAddresses(unknown.cause()),
                delay.get());
        claims.unknown(claim, unknown.cause(), delay.get());
        return new Settlement.Retry(delay.get(), claim.attempt(), true);
    }

    @Override
    public Settlement throttled(SendOutcome.Throttled throttled) {
        Duration delay = rules.throttleDelay();
        if (claim.age().plus(delay).compareTo(rules.retries().maxAge()) > 0) {
            return giveUp(ParkReason.EXPIRED, ParkReason.EXPIRED.sentence(), throttled.reply());
        }
        claims.release(claim, throttled.reply(), delay);
        meters.count(Outcome.RETRIED);
        return new Settlement.Retry(delay, claim.attempt() - 1, true);
    }

    @Override
    public Settlement unavailable(SendOutcome.Unavailable unavailable) {
        claims.release(claim, unavailable.cause(), Duration.ZERO);
        meters.count(Outcome.GIVEN_BACK);
        return new Settlement.GiveBack(unavailable.cause());
    }

    /** Nothing was sent: there is a defect in writing this mail, which is not cured by trying more often. */
    Settlement notWritten(RuntimeException defect) {
        log.error("Message {} could not be written, attempt {}", claim.messageId(), claim.attempt(), defect);
        Optional<Duration> delay = rules.retries().next(claim.attempt(), claim.age());
        if (claim.attempt() >= MAX_FAILURES || delay.isEmpty()) {
            return giveUp(ParkReason.ERROR, defect.toString(), null);
        }
        claims.retry(claim, "could not be written", delay.get());
        meters.count(Outcome.RETRIED);
        return new Settlement.Retry(delay.get(), claim.attempt(), true);
    }

    private Settlement giveUp(ParkReason reason, String detail, @Nullable String reply) {
        Parking parking = new Parking(reason, detail, reply, claim.attempt(), claim.age());
        log.warn("Message {} parked after {} attempts: {}", claim.messageId(), claim.attempt(), reason);
        claims.giveUp(claim, parking);
        return meters.parked(parking);
    }

    /** Mail servers like to repeat the address in their replies; logs must not. */
    private static String withoutAddresses(String reply) {
        return reply.replaceAll("[^\\s<>]+@[^\\s<>]+", "…");
    }
}
