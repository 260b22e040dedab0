package dev.outboxrelay.order;

/** There is more to do than can be done in a time that anybody would wait. */
final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OverloadedException() {
        super("All places are taken", null, false, false);
    }
}
