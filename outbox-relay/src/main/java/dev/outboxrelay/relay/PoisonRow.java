package dev.outboxrelay.relay;

import org.jspecify.annotations.Nullable;

/**
 * What could be read of an outbox row that can't be mapped.
 *
 * @param detail what is wrong, in words, without the payload
 */
public record PoisonRow(
        String table,
        String id,
        String aggregateType,
        String aggregateId,
        @Nullable String type,
        String detail,
        byte @Nullable [] payload) {}
