package dev.outboxrelay.local;

/** Which bytes of a connection a fault concerns. */
public enum Direction {
    /** What the client sends. */
    TO_SERVER,
    /** What the server sends. */
    TO_CLIENT,
    BOTH;

    boolean includes(Direction one) {
        return this == BOTH || this == one;
    }
}
