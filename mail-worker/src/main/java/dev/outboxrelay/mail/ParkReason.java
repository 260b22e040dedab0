package dev.outboxrelay.mail;

/** Why a message was set aside for a person to look at. */
public enum ParkReason {
    /** No {@code message_id}, or one that cannot be a key: it could never be recognised again. */
    NO_MESSAGE_ID("the message has no usable message_id"),
    /** An {@code aggregate-id} that cannot be a key. */
    BAD_AGGREGATE_ID("the message has no usable aggregate-id"),
    /** Larger than {@code mail-worker.max-body}. */
    TOO_LARGE("the body is larger than mail-worker.max-body"),
    /** The body is not JSON. */
    NOT_JSON("the body is not JSON"),
    /** JSON, but not the event it says it is. */
    WRONG_SCHEMA("the body is not the event that its type says"),
    /** No mail is known for this event type. */
    UNKNOWN_TYPE("there is no mail for this type of event"),
    /** The event names nobody to write to. */
    NO_RECIPIENT("the event has no mail address"),
    /** The address cannot be one, or a header would be broken by a line end. */
    BAD_ADDRESS("the mail address cannot be one"),
    /** The mail server refused for good (5yz). */
    REFUSED("the mail server refused for good"),
    /** Tried again until {@code mail-worker.retry.max-age} had passed. */
    EXPIRED("not taken by the mail server within mail-worker.retry.max-age"),
    /** The mail may or may not have been sent, and the policy is to ask. */
    UNKNOWN_OUTCOME("the mail may have been sent: give a verdict with resolve"),
    /** An earlier mail of the same order was not settled within {@code mail-worker.order-wait}. */
    BEHIND("an earlier mail of the same order was not settled in time"),
    /** Every attempt met a defect of ours. */
    ERROR("handling failed on every attempt");

    private final String sentence;

    ParkReason(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
