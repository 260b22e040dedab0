package dev.outboxrelay.mail;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The record of what was sent. Everything is durable when a method returns, or when what it returns completes. All but
 * {@link #claim} change a row only while it still belongs to the claim; otherwise they leave it alone, and it is logged
 * and counted. Where the database is away they are tried again until the lease ends.
 */
public interface Claims {
    /**
     * Asks for the right to send the mail of this message. Does not wait. What it grants is granted only once every change
     * that was asked for before is durable, so that a caller who goes on without waiting for a change has at most one
     * underway.
     *
     * @return completes with the answer, durable but for what {@link Claim.Settled} says of itself, or with {@link ClaimsUnavailableException} if the database could not be asked;
     *     nothing is claimed then, or only for a lease
     */
    CompletableFuture<Claim> claim(Incoming message);

    /**
     * The mail server took the mail. Does not wait.
     *
     * @return completes once that is durable, or with {@link ClaimsUnavailableException} where it could not be recorded
     */
    CompletionStage<@Nullable Void> sent(Claim.Granted claim, String reply);

    /** The attempt failed and counts; the next one is due after {@code delay}. */
    void retry(Claim.Granted claim, String reply, Duration delay);

    /** The attempt did not count: the next one may come after {@code delay}. */
    void release(Claim.Granted claim, String reply, Duration delay);

    /** The mail may have been sent. It is counted as unknown and is due again after {@code delay}. */
    void unknown(Claim.Granted claim, String cause, Duration delay);

    /** Given up; {@link ParkReason#UNKNOWN_OUTCOME} waits for a verdict as UNKNOWN, all others are FAILED. */
    void giveUp(Claim.Granted claim, Parking parking);

    /** Thrown when the database cannot be reached; the message is given back and consuming pauses. */
    final class ClaimsUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public ClaimsUnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
