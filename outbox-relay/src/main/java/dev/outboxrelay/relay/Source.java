package dev.outboxrelay.relay;

import java.time.Duration;

/** An open stream of the binlog, ended for good by its first failure. */
public interface Source extends AutoCloseable {

    /** Opens streams; the only thing that the main path knows of where events come from. */
    @FunctionalInterface
    interface Opener {

        /**
         * Starts to read behind {@code from}.
         *
         * @param sink receives the events, from one thread of the source's own
         * @param failed called at most once, from any thread, when the stream has ended by itself
         * @throws SourceException when the stream could not be started
         */
        Source open(Position from, EventSink sink, SourceFailure failed);
    }

    /** Told why a stream ended. */
    @FunctionalInterface
    interface SourceFailure {
        void failed(Throwable cause);
    }

    /** The stream could not be started. */
    final class SourceException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SourceException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Whether the server's binlog is being received. */
    boolean isConnected();

    /** Time since anything arrived, the server's heartbeats included; zero while an event is being handed over. */
    Duration silence();

    /** Stops reading; bounded, idempotent. No event is handed over once this has returned. */
    @Override
    void close();
}
