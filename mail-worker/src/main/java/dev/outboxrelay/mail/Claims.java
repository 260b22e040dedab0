package dev.outboxrelay.mail;

import java.time.Duration;

/**
 * The record of what was sent. Everything is durable when a method returns. All but {@link #claim} change a row only
 * while it still belongs to the claim; otherwise they leave it alone, and it is logged and counted.
 */
public interface Claims {
    /**
     * Asks for the right to send the mail of this message.
     *
     * @throws ClaimsUnavailableException if the database could not be asked; nothing is claimed then, or only for a lease
     */
    Claim claim(Incoming message);

    /** The mail server took the mail. Tried again until the lease ends if the database is away. */
    void sent(Claim.Granted claim, String reply);

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

        public ClaimsUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
