package dev.outboxrelay.relay.offsets;

/** Why a position was stored. */
public enum Cause {
    /** The first one, before anything was published. */
    START,
    /** Confirmed by the broker, in passing. */
    PROGRESS,
    /** Confirmed by the broker, when the relay stopped. */
    STOP,
    /** The stored position was no longer usable, and the table was published again. */
    RECOVERY,
    /** Moved back by hand. */
    REWIND,
    /** Moved forward by hand. */
    SKIP,
    /** Taken over from a file, or from a stock Debezium. */
    IMPORT,
    /** Back to what stood before the last move by hand. */
    UNDO
}
