package dev.outboxrelay.local;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.Session;

/** One mail transaction, from MAIL FROM to the reply to DATA. */
final class SmtpSession implements MessageHandler {

    private final Session session;
    private final Mailbox mailbox;
    private final Function<String, SmtpAnswer> onRecipient;
    private final Function<ReceivedMail, SmtpAnswer> onMail;
    private final List<String> recipients = new ArrayList<>();
    private String sender = "";

    SmtpSession(
            MessageContext context,
            Mailbox mailbox,
            Function<String, SmtpAnswer> onRecipient,
            Function<ReceivedMail, SmtpAnswer> onMail) {
        this.session = (Session) context;
        this.mailbox = mailbox;
        this.onRecipient = onRecipient;
        this.onMail = onMail;
    }

    @Override
    public void from(String from) {
        sender = from;
    }

    @Override
    public void recipient(String recipient) throws RejectException {
        if (obey(onRecipient.apply(recipient))) {
            recipients.add(recipient);
        }
    }

    @Override
    public @Nullable String data(InputStream data) throws RejectException, IOException {
        byte[] raw = data.readAllBytes();
        ReceivedMail mail = new ReceivedMail(Clock.systemUTC().instant(), sender, recipients, raw);
        SmtpAnswer answer = onMail.apply(mail);
        if (answer instanceof SmtpAnswer.AcceptSilently) {
            mailbox.add(mail);
        }
        if (obey(answer)) {
            mailbox.add(mail);
        }
        return null;
    }

    @Override
    public void done() {}

    /** Whether to go on; what is not accepted leaves by an exception. */
    private boolean obey(SmtpAnswer answer) throws RejectException {
        if (answer instanceof SmtpAnswer.Accept) {
            return true;
        }
        if (answer instanceof SmtpAnswer.Reject reject) {
            throw new RejectException(reject.code(), reject.text());
        }
        if (answer instanceof SmtpAnswer.RejectAndClose reject) {
            throw new DropConnectionException(reject.code(), reject.text());
        }
        hangUp();
        throw new DropConnectionException();
    }

    /** Closes the socket first, so that the reply that the library sends when a connection is dropped goes nowhere. */
    private void hangUp() {
        try {
            session.closeSocket();
        } catch (IOException alreadyClosed) {
            return;
        }
    }
}
