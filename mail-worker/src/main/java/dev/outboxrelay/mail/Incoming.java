package dev.outboxrelay.mail;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came, free of anything of the broker's client.
 *
 * @param destination how it came, as OpenTelemetry names it: {@code exchange:routing key:queue}
 * @param queue the last of these, of which there are only a few
 * @param messageId the outbox id; the key of deduplication
 * @param type the event type, such as {@code OrderPlaced}
 * @param timestamp when the event was written to the outbox
 * @param aggregateId whose event it is; mails of one aggregate keep their order
 * @param attempts how often sending has been tried, by our own header; 0 on a first delivery
 * @param trace {@code traceparent} and {@code tracestate} as they came (W3C Trace Context), where they did
 * @param body the payload, not copied: nobody may change it
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, and a copy of a large body per message is not free
public record Incoming(
        String destination,
        String queue,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable Instant timestamp,
        @Nullable String aggregateId,
        @Nullable Long aggregateVersion,
        int attempts,
        Map<String, String> trace,
        byte[] body) {

    /** The same lane and the same hold for all messages of one aggregate; a message without one stands for itself. */
    public String orderKey() {
        if (aggregateId != null) {
            return aggregateId;
        }
        return messageId == null ? "" : messageId;
    }
}
