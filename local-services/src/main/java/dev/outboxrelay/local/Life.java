package dev.outboxrelay.local;

/** How long a process that we start lives. */
public enum Life {
    /** It dies with this JVM, however this JVM dies (on Linux; elsewhere only if this JVM ends in good order). */
    OURS,
    /** It is a daemon: it outlives this JVM and the terminal. */
    ITS_OWN
}
