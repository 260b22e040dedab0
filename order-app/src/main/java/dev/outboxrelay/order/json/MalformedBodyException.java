package dev.outboxrelay.order.json;

/** The body is no JSON within our limits; the message says why in words for the caller. */
public final class MalformedBodyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedBodyException(String message) {
        super(message, null, false, false);
    }
}
