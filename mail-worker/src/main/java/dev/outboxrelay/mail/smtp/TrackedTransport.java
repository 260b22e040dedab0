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
    private static final String SMTPUTF8 = "SMTPUTF8";

    private boolean dotSent;
    private boolean utf8;

    TrackedTransport(Session session, URLName name) {
        super(session, name);
    }

    /** Since {@link #beginMail}. */
    boolean isDotSent() {
        return dotSent;
    }

    /**
     * To be called before each mail.
     *
     * @param needsUtf8 whether this mail is to be announced as one of RFC 6531; such a mail can only be passed on to
     *     servers that know it, so the others are not
     */
    void beginMail(boolean needsUtf8) {
        dotSent = false;
        utf8 = needsUtf8;
    }

    boolean takesUtf8() {
        return super.supportsExtension(SMTPUTF8);
    }

    @Override
    public boolean supportsExtension(String extension) {
        return super.supportsExtension(extension) && (utf8 || !extension.equals(SMTPUTF8));
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
