package dev.outboxrelay.mail;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A mail, written and ready to send.
 *
 * @param eventId the message id of its event; the mail's own Message-ID is derived from it
 * @param to one address, not yet checked
 * @param occurredAt when what it tells of happened
 * @param headers further headers; no value may hold a line end
 */
public record Letter(
        String eventId,
        String to,
        String subject,
        String text,
        String html,
        Optional<Instant> occurredAt,
        Map<String, String> headers) {
    public Letter {
        headers = Map.copyOf(headers);
    }
}
