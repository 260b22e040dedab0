package dev.outboxrelay.mail;

/** Writes the mail for an event. */
public interface LetterWriter {
    /** Never throws for what stands in the message: a message that cannot be written is {@link Written.Unreadable}. */
    Written write(Incoming message);

    /** The mail, or why there is none. */
    sealed interface Written {
        record Ready(Letter letter) implements Written {}

        record Unreadable(ParkReason reason, String detail) implements Written {
            SendOutcome asOutcome() {
                return new SendOutcome.Refused(reason, detail);
            }
        }
    }
}
