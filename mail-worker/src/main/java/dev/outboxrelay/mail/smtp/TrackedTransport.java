package dev.outboxrelay.mail.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * A transport that knows whether the final dot has gone out. Before it, a lost connection means that the mail was not
 * taken (RFC 5321, 4.1.1.4); after it, nobody knows until the reply has come.
 */
final class TrackedTransport extends SMTPTransport {
    private boolean dotSent;

    TrackedTransport(Session session, URLName name) {
        super(session, name);
    }

    /** Since {@link #beginMail()}. */
    boolean isDotSent() {
        return dotSent;
    }

    void beginMail() {
        dotSent = false;
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        dotSent = true;
        super.finishData();
    }

    @Override
    protected void finishBdat() throws IOException, MessagingException {
        dotSent = true;
        super.finishBdat();
    }
}
