package dev.outboxrelay.relay;

/** Takes the source's events one by one, from one thread. */
@FunctionalInterface
public interface EventSink {

    /**
     * Takes the event over; may wait while too much is in flight.
     *
     * @throws InterruptedException when the run has ended: the event was not taken, and no further one will be
     */
    void accept(SourceEvent event) throws InterruptedException;
}
