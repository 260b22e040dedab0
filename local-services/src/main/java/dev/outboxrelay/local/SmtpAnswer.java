package dev.outboxrelay.local;

/** What the sink does with a recipient or a message. */
public sealed interface SmtpAnswer {

    /** Takes it: 250. */
    record Accept() implements SmtpAnswer {}

    /** Refuses it with that reply, such as 451 (try again) or 550 (never). */
    record Reject(int code, String text) implements SmtpAnswer {}

    /** Refuses it with that reply and closes the connection, such as 421. */
    record RejectAndClose(int code, String text) implements SmtpAnswer {}

    /** Keeps the mail but closes the connection without a reply: the client cannot know (RFC 1047). */
    record AcceptSilently() implements SmtpAnswer {}

    /** Closes the connection without a reply and keeps nothing. */
    record Drop() implements SmtpAnswer {}
}
