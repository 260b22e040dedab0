package dev.outboxrelay.mail;

/** What to do with a mail that may have been sent already. Either way it is recorded. */
public enum UnknownPolicy {
    /** Send it (again) under the same Message-ID: perhaps twice, never not at all; not for ever, then as {@link #PARK}. */
    RESEND,
    /** Park it until somebody gives a verdict: never twice, perhaps late. */
    PARK
}
