package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.EventSink;
import dev.outboxrelay.relay.Source.SourceFailure;
import dev.outboxrelay.relay.SourceEvent;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.pipeline.ErrorHandler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of a stream: takes each event from the thread that reads, with no queue between. Whoever publishes is the thread that
 * reads, the window of unconfirmed messages is the only buffer, and a full window stops the reading.
 *
 * <p>After the first failure, wherever it was, nothing is handed over any more: no position may pass what failed.
 */
final class HandOver {

    private final EventSink sink;
    private final SourceFailure failed;
    private final ReentrantLock handing = new ReentrantLock();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean over;
    private volatile boolean busy;
    private volatile long heardAt = System.nanoTime();

    HandOver(EventSink sink, SourceFailure failed) {
        this.sink = sink;
        this.failed = failed;
    }

    /**
     * Hands over one event; waits while the window is full.
     *
     * @throws InterruptedException when the stream is over
     */
    void event(SourceEvent event) throws InterruptedException {
        handing.lock();
        try {
            if (over) {
                throw new InterruptedException("The stream is over");
            }
            busy = true;
            sink.accept(event);
        } catch (InterruptedException | RuntimeException | Error e) {
            over = true;
            throw e;
        } finally {
            heard();
            busy = false;
            handing.unlock();
        }
    }

    /** Hands over a position, unless the stream is over. */
    void mark(SourceEvent.Marker marker) {
        if (over) {
            return;
        }
        try {
            event(marker);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Something came from the server. */
    void heard() {
        heardAt = System.nanoTime();
    }

    /** Time since something came, zero while an event is being handed over. */
    Duration silence() {
        return busy ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Says that the stream has failed; only the first failure of a stream that has not been ended is told on. */
    void fail(Throwable cause) {
        over = true;
        if (told.compareAndSet(false, true)) {
            failed.failed(cause);
        }
    }

    /** Ends it; nothing is handed over once this has returned. */
    void end() {
        over = true;
        handing.lock(); // waits for what is being handed over
        try {
            told.set(true);
        } finally {
            handing.unlock();
        }
    }

    /** Where Debezium reports what goes wrong in its threads. */
    ErrorHandler errors(MySqlConnectorConfig config) {
        return new Errors(config);
    }

    private final class Errors extends ErrorHandler {

        @SuppressWarnings("NullAway") // there is no queue that an error would have to go through
        Errors(MySqlConnectorConfig config) {
            super(MySqlConnector.class, config, null, null);
        }

        @Override
        public void setProducerThrowable(Throwable cause) {
            fail(cause);
        }
    }
}
