package dev.outboxrelay.mail;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is written on a parked message; texts that are longer than {@link #MAX_TEXT} are cut there.
 *
 * @param detail one sentence for the operator
 * @param reply what the mail server answered last, where it did
 * @param attempts how often sending was tried
 * @param age how long ago the message was first seen
 */
public record Parking(
        ParkReason reason, String detail, @Nullable String reply, int attempts, Duration age) {
    /** In characters: what the database takes, and what leaves room in an AMQP frame. */
    public static final int MAX_TEXT = 1000;

    public Parking {
        detail = shorten(detail);
        reply = reply == null ? null : shorten(reply);
    }

    /** The text, or its first {@link #MAX_TEXT} characters. */
    public static String shorten(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    static Parking unread(ParkReason reason, String detail) {
        return new Parking(reason, detail, null, 0, Duration.ZERO);
    }
}
