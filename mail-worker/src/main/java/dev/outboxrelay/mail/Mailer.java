package dev.outboxrelay.mail;

/** Hands mails to a mail server. */
public interface Mailer {
    /**
     * Sends one mail. Every failure is an outcome, none an exception.
     *
     * @param endNanos {@link System#nanoTime()} by which this returns; a mail not taken by then is not taken
     * @throws InterruptedException if interrupted before anything was sent
     */
    SendOutcome send(Letter letter, long endNanos) throws InterruptedException;
}
