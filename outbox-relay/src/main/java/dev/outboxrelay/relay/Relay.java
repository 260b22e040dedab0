package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.OffsetStore;

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
        OffsetStore offsets,
        RelayMetrics metrics) {}
