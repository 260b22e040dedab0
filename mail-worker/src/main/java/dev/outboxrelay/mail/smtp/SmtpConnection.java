package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.settings.SmtpSettings;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.URLName;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the mail server, greeted, encrypted and authenticated. Used by one thread at a time. */
final class SmtpConnection {
    private static final Logger log = LoggerFactory.getLogger(SmtpConnection.class);

    private final TrackedTransport transport;
    private final Sockets sockets;
    private int mails;
    private boolean accepted;
    private boolean broken;
    private boolean kept;
    private long idleSince;

    private SmtpConnection(TrackedTransport transport, Sockets sockets) {
        this.transport = transport;
        this.sockets = sockets;
    }

    /**
     * Connects, and cuts the connection where it is not ready in time: read timeouts alone begin anew with every byte.
     *
     * @throws MessagingException if the server cannot be reached, offers no STARTTLS or no login, refuses the user, or is not
     *     ready by {@code endNanos}
     */
    static SmtpConnection open(SmtpEndpoint endpoint, long endNanos, ScheduledExecutorService timer)
            throws MessagingException {
        SmtpSettings settings = endpoint.settings();
        Sockets sockets = endpoint.sockets().opening();
        TrackedTransport transport = new TrackedTransport(
                endpoint.session(), new URLName("smtp", settings.host(), settings.port(), null, null, null), sockets);
        ScheduledFuture<?> deadline = severAt(endNanos, sockets, timer);
        try {
            // With a user Jakarta Mail logs in even where that was switched off, and goes on where no login is offered.
            String user = settings.logsIn() ? settings.username().orElse(null) : null;
            transport.connect(settings.host(), settings.port(), user, user == null ? null : settings.password());
            if (user != null && !transport.offersLogin()) {
                throw new MessagingException("it offers no login (AUTH); where it needs none, set "
                        + "spring.mail.properties.mail.smtp.auth=false");
            }
        } catch (MessagingException e) {
            sockets.sever();
            int code = transport.getLastReturnCode();
            if (Replies.isThrottling(code)) {
                throw new BusyException(transport.getLastServerResponse(), e);
            }
            throw endNanos - System.nanoTime() <= 0
                    ? new MessagingException("it was not ready within mail-worker.smtp.deadline", e)
                    : e;
        } finally {
            deadline.cancel(false);
        }
        return new SmtpConnection(transport, sockets);
    }

    private static ScheduledFuture<?> severAt(long endNanos, Sockets sockets, ScheduledExecutorService timer) {
        return timer.schedule(sockets::sever, Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Sends one mail; when the time is over the connection is cut, whatever the server is doing. */
    SendOutcome send(Mail mail, long endNanos, ScheduledExecutorService timer) {
        if (mail.needsUtf8() && !transport.takesUtf8()) {
            return new SendOutcome.Refused(
                    ParkReason.BAD_ADDRESS, "the mail server does not take addresses in this script (SMTPUTF8)");
        }
        transport.beginMail(mail);
        mails++;
        ScheduledFuture<?> deadline = severAt(endNanos, sockets, timer);
        try {
            SendOutcome outcome = new SendOutcome.Accepted(send(mail));
            accepted = true;
            return outcome;
        } catch (MessagingException e) {
            SendOutcome outcome = Replies.classify(e, transport.isDotSent());
            broken = Replies.code(e) < 200 || Replies.code(e) == 421 || (accepted && Replies.isNotNowToMail(e));
            return outcome;
        } catch (IllegalStateException e) {
            broken = true; // how this transport says that the server hung up after the last mail
            return new SendOutcome.Deferred("the connection was closed: " + e.getMessage());
        } finally {
            deadline.cancel(false);
        }
    }

    /** The reply. A copy that is refused does not keep the mail from its recipient. */
    private String send(Mail mail) throws MessagingException {
        try {
            transport.sendMessage(mail, mail.recipients());
            return Replies.oneLine(transport.getLastServerResponse());
        } catch (SendFailedException e) {
            if (!mail.isOnlyCopyRefused(e)) {
                throw e;
            }
            transport.sendMessage(mail, mail.recipientOnly());
            return Replies.oneLine(transport.getLastServerResponse()) + " (the copy was refused: " + Replies.text(e)
                    + ")";
        }
    }

    /**
     * Whether the last mail failed before the server had any of it, and because of the connection: it was gone, or the server,
     * which had taken mails over it, takes no further one.
     */
    boolean wasOver() {
        return broken && !transport.isDotSent();
    }

    /** Whether it has been kept unused meanwhile, so that the server may have closed it. */
    boolean wasKept() {
        return kept;
    }

    boolean isUsable(SmtpSettings settings) {
        return !broken && !transport.hasHungUp() && mails < settings.maxPerConnection();
    }

    void idle() {
        kept = true;
        idleSince = System.nanoTime();
    }

    boolean isIdleFor(Duration limit) {
        return System.nanoTime() - idleSince > limit.toNanos();
    }

    /** Asks the server whether it is still there; one that has not said so by then is not. */
    boolean answers(long endNanos, ScheduledExecutorService timer) {
        ScheduledFuture<?> deadline = severAt(endNanos, sockets, timer);
        try {
            broken = !transport.isConnected();
            return !broken;
        } finally {
            deadline.cancel(false);
        }
    }

    /** The server is there and accepts us, but not now. */
    static final class BusyException extends MessagingException {
        private static final long serialVersionUID = 1;

        BusyException(String reply, MessagingException cause) {
            super(Replies.oneLine(reply), cause);
        }
    }

    void close() {
        try {
            transport.close();
        } catch (MessagingException e) {
            log.debug("The mail server did not take leave: {}", e.getMessage());
        } finally {
            sockets.sever();
        }
    }
}
