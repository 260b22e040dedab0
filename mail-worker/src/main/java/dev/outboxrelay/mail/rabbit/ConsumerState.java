package dev.outboxrelay.mail.rabbit;

/** What the consumer is doing; shown by health, metrics and logs. */
public enum ConsumerState {
    /** Not started yet, or opening connections. */
    STARTING,
    /** Messages are taken. */
    CONSUMING,
    /** Something that every mail needs is away; it is tried out until it is back. No messages are taken. */
    PAUSED,
    /** The broker is away or something failed; connecting again after a while. */
    RECONNECTING,
    /** What is in hand is brought to its end. */
    STOPPING,
    STOPPED
}
