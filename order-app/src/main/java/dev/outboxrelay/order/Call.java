package dev.outboxrelay.order;

import org.jspecify.annotations.Nullable;

/**
 * Who calls, and how they know the call again.
 *
 * @param caller the token's subject
 * @param key the Idempotency-Key, if there is one
 */
record Call(String caller, @Nullable String key) {}
