package dev.outboxrelay.local;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A mail that the sink has acknowledged with 250.
 *
 * @param receivedAt when its last byte had come
 * @param from the envelope's sender
 * @param recipients the envelope's recipients, in the order in which they were given
 * @param raw the message as it came, byte for byte, after dot-unstuffing; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Mails are compared by identity, and the bytes are the point of this record.
public record ReceivedMail(Instant receivedAt, String from, List<String> recipients, byte[] raw) {

    private static final Session SESSION = session();

    public ReceivedMail {
        recipients = List.copyOf(recipients);
    }

    /** The first header of that name, unfolded and decoded; empty if there is none. */
    public Optional<String> header(String name) {
        try {
            String[] values = parsed().getHeader(name);
            return values == null ? Optional.empty() : Optional.of(decoded(values[0]));
        } catch (MessagingException e) {
            throw unreadable(e);
        }
    }

    /** The decoded subject; empty text if there is none. */
    public String subject() {
        return header("Subject").orElse("");
    }

    /** The first part of type text/plain, decoded; empty text if there is none. */
    public String textBody() {
        return body("text/plain");
    }

    /** The first part of type text/html, decoded; empty text if there is none. */
    public String htmlBody() {
        return body("text/html");
    }

    private String body(String type) {
        try {
            return find(parsed(), type).orElse("");
        } catch (MessagingException | IOException e) {
            throw unreadable(e);
        }
    }

    private static Optional<String> find(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return Optional.of(part.getContent().toString());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart child = parts.getBodyPart(i);
                Optional<String> found = find(child, type);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private MimeMessage parsed() throws MessagingException {
        return new MimeMessage(SESSION, new ByteArrayInputStream(raw));
    }

    private static String decoded(String value) {
        try {
            return MimeUtility.decodeText(MimeUtility.unfold(value));
        } catch (UnsupportedEncodingException e) {
            throw unreadable(e);
        }
    }

    private static IllegalStateException unreadable(Exception e) {
        return new IllegalStateException("The mail received is no readable MIME message", e);
    }

    private static Session session() {
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        return Session.getInstance(properties);
    }
}
