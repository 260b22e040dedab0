package dev.outboxrelay.mail;

/** Hands mails to a mail server. */
public interface Mailer {
    /** Does what can be done before the mail may be sent. Never throws for what stands in the letter. */
    Sending prepare(Letter letter);

    /** One mail, ready to be sent. */
    @FunctionalInterface
    interface Sending {
        /**
         * Sends it. Every failure is an outcome, none an exception.
         *
         * @param endNanos {@link System#nanoTime()} by which this returns; a mail not taken by then is not taken
         * @throws InterruptedException if interrupted before anything was sent
         */
        SendOutcome send(long endNanos) throws InterruptedException;
    }
}
