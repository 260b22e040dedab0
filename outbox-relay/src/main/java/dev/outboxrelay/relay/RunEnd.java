package dev.outboxrelay.relay;

/** Why a run ended; what follows is the supervisor's to decide. */
sealed interface RunEnd {

    /** Somebody asked for it. */
    record Stopped() implements RunEnd {}

    /** Something that may heal: try again after a pause. */
    record Failed(String what, Throwable cause) implements RunEnd {}

    /** The broker does not want this message: hold the line until it does. */
    record Refused(OutboxMessage message, String why) implements RunEnd {}

    /** The broker will never take this message: out of the way with it. */
    record Unpublishable(OutboxMessage message, String why) implements RunEnd {

        /** Whether the other one is the same event, read again. */
        boolean isOf(OutboxMessage other) {
            return message.table().equals(other.table()) && message.id().equals(other.id());
        }
    }

    /** Somebody has to decide: the quarantine is full, or the stored position is lost. */
    record Held(String why) implements RunEnd {}

    /** Another relay may be publishing: stand by. */
    record LeaseLost(String why) implements RunEnd {}
}
