package dev.outboxrelay.order;

/** What became of a command. */
sealed interface Outcome {
    /**
     * It was carried out, now or earlier.
     *
     * @param replayed whether it was earlier, under the same Idempotency-Key
     */
    record Done(Answer answer, boolean replayed) implements Outcome {}

    /** Nothing was done. The detail is for the caller. */
    record Refused(Refusal refusal, String detail) implements Outcome {}

    enum Refusal {
        /** No such order, or somebody else's: callers can't tell which. */
        UNKNOWN_ORDER,
        /** The state machine does not allow it. */
        WRONG_STATE,
        /** The order has another version than If-Match asked for. */
        WRONG_VERSION,
        /** The Idempotency-Key was used for another command. */
        KEY_REUSED,
        /** The same key, or the same order, is being worked on at this moment. */
        IN_PROGRESS
    }
}
