package dev.outboxrelay.mail;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is written on a parked message.
 *
 * @param detail one sentence for the operator
 * @param reply what the mail server answered last, where it did
 * @param attempts how often sending was tried
 * @param age how long ago the message was first seen
 */
public record Parking(
        ParkReason reason, String detail, @Nullable String reply, int attempts, Duration age) {
    static Parking unread(ParkReason reason, String detail) {
        return new Parking(reason, detail, null, 0, Duration.ZERO);
    }
}
