package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import jakarta.mail.MessagingException;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** From Jakarta Mail's exceptions to the reply classes of RFC 5321 and the codes of RFC 4954. */
final class Replies {
    private static final int NONE = -1;
    private static final Set<Integer> THROTTLING = Set.of(421, 454);
    private static final Set<Integer> NOT_LET_IN = Set.of(530, 534, 535, 538);

    private Replies() {}

    static SendOutcome classify(MessagingException e, boolean dotSent) {
        int code = code(e);
        String reply = text(e);
        if (code < 200) {
            return dotSent ? new SendOutcome.Unknown(reply) : new SendOutcome.Deferred(reply);
        }
        if (code < 300 && dotSent) {
            return new SendOutcome.Accepted(reply);
        }
        if (isThrottling(code)) {
            return new SendOutcome.Throttled(reply);
        }
        if (NOT_LET_IN.contains(code)) {
            return new SendOutcome.Unavailable("the mail server wants another login: " + reply);
        }
        return code >= 500 ? new SendOutcome.Refused(ParkReason.REFUSED, reply) : new SendOutcome.Deferred(reply);
    }

    static boolean isThrottling(int code) {
        return THROTTLING.contains(code);
    }

    /** Whether the server refused for now that a mail begins: so do some with a connection over which came as many as may. */
    static boolean isNotNowToMail(MessagingException e) {
        return e instanceof SMTPSendFailedException refused
                && refused.getCommand().startsWith("MAIL ")
                && refused.getReturnCode() / 100 == 4
                && !isThrottling(refused.getReturnCode());
    }

    /** The server's reply code, or -1 where the connection ended without one. */
    static int code(MessagingException e) {
        for (Exception cause = e; cause instanceof MessagingException one; cause = one.getNextException()) {
            int code = ownCode(one);
            if (code != NONE) {
                return code;
            }
        }
        return NONE;
    }

    private static int ownCode(MessagingException e) {
        int code = NONE;
        if (e instanceof SMTPAddressFailedException address) {
            code = address.getReturnCode();
        } else if (e instanceof SMTPSenderFailedException sender) {
            code = sender.getReturnCode();
        } else if (e instanceof SMTPSendFailedException send) {
            code = send.getReturnCode();
        }
        return code < 200 ? NONE : code;
    }

    /** The reply, or what went wrong with the connection, as one line. */
    static String text(MessagingException e) {
        MessagingException told = e;
        for (Exception cause = e; cause instanceof MessagingException one; cause = one.getNextException()) {
            if (ownCode(one) != NONE) {
                told = one;
                break;
            }
        }
        Exception inner = told.getNextException();
        String text = String.valueOf(told.getMessage());
        return oneLine(ownCode(told) == NONE && inner != null ? text + ": " + inner.getMessage() : text);
    }

    static String oneLine(String reply) {
        return reply.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
