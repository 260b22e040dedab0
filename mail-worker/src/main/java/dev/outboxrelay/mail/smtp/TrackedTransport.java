package dev.outboxrelay.mail.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport that knows whether the final dot has gone out. Before it, a lost connection means that the mail was not
 * taken (RFC 5321, 4.1.1.4); after it, nobody knows until the reply has come.
 *
 * <p>Where the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA of a mail with one recipient leave together: half
 * the round trips, and half the system calls on both sides. Each reply is still read and judged on its own.
 */
final class TrackedTransport extends SMTPTransport {
    private static final Logger log = LoggerFactory.getLogger(TrackedTransport.class);

    private static final String SMTPUTF8 = "SMTPUTF8";
    private static final String DATA = "DATA";
    private static final int GO_AHEAD = 354;
    private static final int NO_REPLY = -1;

    /** What Angus Mail expects of a reply that it does not judge: the one to RSET, after a refusal. */
    private static final int ANY_REPLY = -1;

    /** With these, what follows MAIL is not what we would send ahead. */
    private static final List<String> OTHER_COMMANDS = List.of("mail.smtp.chunksize", "mail.smtp.dsn.notify");

    private final Sockets sockets;
    private final boolean usualCommands;

    /** Sent before Angus Mail asked for it; the replies come in this order. */
    private final Deque<String> ahead = new ArrayDeque<>();

    private List<String> following = List.of();
    private boolean dotSent;
    private boolean utf8;
    private boolean hungUp;

    /** @param sockets of this connection */
    TrackedTransport(Session session, URLName name, Sockets sockets) {
        super(session, name);
        this.sockets = sockets;
        this.usualCommands = OTHER_COMMANDS.stream().allMatch(property -> session.getProperty(property) == null);
    }

    /** Since {@link #beginMail}. */
    boolean isDotSent() {
        return dotSent;
    }

    /** Whether the server has left after a refusal. */
    boolean hasHungUp() {
        return hungUp;
    }

    /** To be called before each mail. Only one that needs it is announced as one of RFC 6531, since not all servers know it. */
    void beginMail(Mail mail) {
        ahead.clear();
        dotSent = false;
        utf8 = mail.needsUtf8();
        boolean pipelined = usualCommands && mail.hasOneRecipient() && super.supportsExtension("PIPELINING");
        following = pipelined ? List.of("RCPT TO:<" + mail.recipient() + ">", DATA) : List.of();
    }

    boolean takesUtf8() {
        return super.supportsExtension(SMTPUTF8);
    }

    boolean offersLogin() {
        return super.supportsExtension("AUTH") || super.supportsExtension("AUTH=LOGIN");
    }

    @Override
    public boolean supportsExtension(String extension) {
        return super.supportsExtension(extension) && (utf8 || !extension.equals(SMTPUTF8));
    }

    /** A server may hang up once it has refused: Angus Mail would throw what became of its RSET instead of the refusal. */
    @Override
    public synchronized void issueCommand(String command, int expected) throws MessagingException {
        if (expected != ANY_REPLY) {
            super.issueCommand(command, expected);
            return;
        }
        try {
            super.issueCommand(command, expected);
            hungUp = getLastReturnCode() == NO_REPLY;
        } catch (MessagingException e) {
            log.debug("The mail server left after a refusal: {}", e.getMessage());
            ahead.clear();
            hungUp = true;
        }
    }

    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (command.equals(ahead.peek())) {
            ahead.remove();
            return;
        }
        skipReplies(command);
        if (!following.isEmpty() && command.startsWith("MAIL ")) {
            sendTogether(command);
        } else {
            super.sendCommand(command);
        }
    }

    private void sendTogether(String mail) throws MessagingException {
        try {
            sockets.gather();
            try {
                super.sendCommand(mail);
                for (String command : following) {
                    super.sendCommand(command);
                    ahead.add(command);
                }
            } finally {
                sockets.letGo();
            }
        } catch (IOException e) {
            throw new MessagingException("Can't send command to SMTP host", e);
        }
    }

    /** The mail was refused before all that was sent ahead was answered. A server that waits for its text gets an empty one. */
    private void skipReplies(String command) throws MessagingException {
        if (!ahead.isEmpty() && (command.startsWith("RCPT ") || command.equals(DATA))) {
            // It becomes part of an outcome, and no address may.
            throw new IllegalStateException(command.split(" ", 2)[0] + " was sent otherwise");
        }
        while (!ahead.isEmpty()) {
            ahead.remove();
            int code = readServerResponse();
            if (code == GO_AHEAD) {
                super.sendCommand(".");
                readServerResponse();
            } else if (code == NO_REPLY) {
                ahead.clear();
            }
        }
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
