package dev.outboxrelay.relay;

/** What the source hands over, in commit order. */
public sealed interface SourceEvent {

    /** A commit time that is not known, as that of a row read from the table. */
    long UNKNOWN_TIME = 0;

    /** Where to resume so that nothing up to and with this event comes again, and nothing behind it is missed. */
    Position position();

    /**
     * A row to publish.
     *
     * @param committedAtMicros commit time on the server, microseconds since the epoch (whole seconds without GTIDs), or
     *     {@link #UNKNOWN_TIME}
     */
    record Row(OutboxMessage message, Position position, long committedAtMicros) implements SourceEvent {}

    /** Nothing to publish, only a later position: a heartbeat, or a change that is not an insert. */
    record Marker(Position position) implements SourceEvent {}

    /** A row that can't be made into a message. */
    record Poison(PoisonRow row, Position position) implements SourceEvent {}
}
