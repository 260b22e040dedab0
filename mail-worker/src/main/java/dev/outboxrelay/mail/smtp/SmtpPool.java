package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.settings.SmtpSettings;
import jakarta.mail.MessagingException;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are kept: the one used last is used first, so that with little to do the others grow old and are
 * closed before the server would close them. Holds as many as are in use at once; that number is the caller's.
 */
final class SmtpPool implements AutoCloseable {
    private final SmtpSettings settings;
    private final SmtpEndpoint endpoint;
    private final ScheduledExecutorService timer;
    private final Deque<SmtpConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    /** @param timer keeps the deadlines */
    SmtpPool(SmtpSettings settings, @Nullable SSLSocketFactory tls, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
        this.endpoint = SmtpEndpoint.of(settings, tls);
    }

    /** A kept connection, which the server may have closed meanwhile, or a new one that is ready by then. */
    SmtpConnection borrow(long endNanos) throws MessagingException {
        for (SmtpConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            if (!kept.isIdleFor(settings.maxIdle())) {
                return kept;
            }
            close(kept);
        }
        return open(endNanos);
    }

    /** A new connection that is ready by then. */
    SmtpConnection open(long endNanos) throws MessagingException {
        SmtpConnection opened = SmtpConnection.open(endpoint, endNanos, timer);
        open.incrementAndGet();
        return opened;
    }

    void giveBack(SmtpConnection connection) {
        if (closed || !connection.isUsable(settings)) {
            close(connection);
            return;
        }
        connection.idle();
        idle.addFirst(connection);
        if (closed) {
            close();
        }
    }

    /** Closes what has been idle for too long. */
    void closeOld() {
        for (SmtpConnection connection : List.copyOf(idle)) {
            if (connection.isIdleFor(settings.maxIdle()) && idle.remove(connection)) {
                close(connection);
            }
        }
    }

    /** How many are open, in use or not. */
    int size() {
        return open.get();
    }

    int idle() {
        return idle.size();
    }

    private void close(SmtpConnection connection) {
        open.decrementAndGet();
        connection.close();
    }

    @Override
    public void close() {
        closed = true;
        for (SmtpConnection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            close(connection);
        }
    }
}
