/** What is stored in the {@code relay} schema: the fenced offset, its history, and the lease. */
@NullMarked
package dev.outboxrelay.relay.offsets;

import org.jspecify.annotations.NullMarked;
