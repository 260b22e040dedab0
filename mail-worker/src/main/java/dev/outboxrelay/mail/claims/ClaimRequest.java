package dev.outboxrelay.mail.claims;

import org.jspecify.annotations.Nullable;

/**
 * The wish to send the mail of one message.
 *
 * @param token what the row will be signed with; never used before
 * @param leaseEndNanos {@link System#nanoTime()} at which a lease granted now is surely still running
 */
record ClaimRequest(
        String messageId, String orderKey, @Nullable Long version, String token, long leaseEndNanos) {}
