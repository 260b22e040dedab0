package dev.outboxrelay.relay.offsets;

/** Somebody with a newer epoch has taken over: this relay must not move the offset any more. Nothing was written. */
public final class FencedException extends Exception {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
        super(message);
    }
}
