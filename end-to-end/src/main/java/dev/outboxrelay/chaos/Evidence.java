package dev.outboxrelay.chaos;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is known once a campaign is over, each from whoever knows it first-hand.
 *
 * @param orders what the API has answered to its clients
 * @param events what stands in the outbox
 * @param handled by event, what the mail worker has recorded
 * @param mails what is in the mailbox, in the order in which it came
 * @param publications what a queue of the campaign's own got from RabbitMQ, in the order in which it came
 * @param purged events that may have been in a queue when it was purged
 * @param audit what the relay says is missing; empty if nothing
 */
record Evidence(
        Answers orders,
        List<Event> events,
        Map<String, Handled> handled,
        List<Mail> mails,
        List<Publication> publications,
        Set<String> purged,
        String audit) {

    /** One command of a client: the order that it concerns and the type of the event that tells of it. */
    record Command(String orderId, String type) {}

    /**
     * What the clients were told.
     *
     * @param accepted answered with 2xx
     * @param refused answered otherwise, for good, with the answer
     * @param unanswered sent and never answered, with what was tried last
     * @param retries requests beyond the first of a command
     */
    record Answers(List<Command> accepted, List<String> refused, List<String> unanswered, long retries) {}

    record Event(String id, String orderId, String type, long version) {}

    /** The state of a message, how often nobody could tell whether its mail was sent, and for who looks closer, when what happened. */
    record Handled(String state, int unknowns, String history) {}

    record Mail(String eventId, String orderId, Instant receivedAt) {}

    /** A message; by verification if the relay published it since its consumer had not confirmed it in time. */
    record Publication(String eventId, boolean byVerification) {}
}
