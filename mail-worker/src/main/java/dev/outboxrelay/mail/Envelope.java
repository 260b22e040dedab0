package dev.outboxrelay.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/** What must hold before a message can be claimed at all. */
final class Envelope {
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_AGGREGATE_ID = 255;

    private Envelope() {}

    /** Why this message cannot be claimed, if so. */
    static Optional<Parking> problem(Incoming message) {
        String id = message.messageId();
        if (id == null || !MESSAGE_ID.matcher(id).matches()) {
            return Optional.of(Parking.unread(
                    ParkReason.NO_MESSAGE_ID, "message_id is not 1 to 64 letters, digits, dots, hyphens, underscores"));
        }
        if (message.orderKey().length() > MAX_AGGREGATE_ID) {
            return Optional.of(Parking.unread(
                    ParkReason.BAD_AGGREGATE_ID, "aggregate-id is longer than " + MAX_AGGREGATE_ID + " characters"));
        }
        return Optional.empty();
    }
}
