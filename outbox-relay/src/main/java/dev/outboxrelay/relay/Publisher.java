package dev.outboxrelay.relay;

import java.io.IOException;
import java.time.Duration;

/** One connection to the broker, good for one run. */
public interface Publisher extends AutoCloseable {

    /** Opens publishers. */
    @FunctionalInterface
    interface Opener {

        /**
         * Connects and makes sure that the exchange is there.
         *
         * @throws IOException when no address answers, or the broker refuses; worth another try later
         */
        Publisher open(Confirms confirms) throws IOException;
    }

    /**
     * What the broker answers, called from the connection's thread: be short, never publish from here.
     *
     * <p>A message that comes back as unroutable is reported to {@link #returned} before it is settled.
     */
    interface Confirms {

        /** The broker has taken over responsibility for the message, or for all up to it. */
        void confirmed(long sequence, boolean upTo);

        /** No queue wanted the message. */
        void returned(String messageId, String exchange, String routingKey, String reply);

        /** The broker could not take the message, or none up to it. */
        void nacked(long sequence, boolean upTo);

        /** The connection or channel is gone; nothing more will be confirmed. */
        void lost(String reason);
    }

    /**
     * Hands a message to the broker, persistent and mandatory, without waiting for its confirm.
     *
     * @param sequence 1, 2, 3 …: the number that the confirm will come back with
     * @throws IOException when the connection is gone
     */
    void publish(long sequence, OutboxMessage message) throws IOException;

    /** Whether confirms can still come. */
    boolean isOpen();

    /** Whether the broker has told us to stop for an alarm. */
    boolean isBlocked();

    /** Closes the connection; bounded, idempotent. Unconfirmed messages may or may not have been taken. */
    @Override
    void close();

    /** Longest time that {@link #close} takes. */
    Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
}
