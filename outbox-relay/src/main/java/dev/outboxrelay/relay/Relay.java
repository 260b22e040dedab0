package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.OffsetStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;

/**
 * What every run of one relay is made of.
 *
 * @param outbox the tables, and the server that they are on
 */
record Relay(
        RelayConfig config,
        Outbox outbox,
        Source.Opener source,
        Publisher.Opener broker,
        Bookkeeping books,
        RelayMetrics metrics) {

    /**
     * What the relay writes down.
     *
     * @param quarantine events kept out of the stream
     * @param unconfirmed events that no consumer has confirmed in time
     * @param monitor how far behind the server all that is
     */
    record Bookkeeping(
            OffsetStore offsets, Quarantine quarantine, UnconfirmedStore unconfirmed, BinlogMonitor monitor) {}

    BinlogMonitor monitor() {
        return books.monitor();
    }

    OffsetStore offsets() {
        return books.offsets();
    }

    Quarantine quarantine() {
        return books.quarantine();
    }
}
