package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.settings.LetterSettings;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.IDN;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A letter as a MIME message. The same letter always has the same Message-ID. */
final class Mail extends MimeMessage {
    private static final String UTF_8 = "UTF-8";

    private final String messageId;

    private Mail(String messageId) {
        super((@Nullable Session) null);
        this.messageId = messageId;
    }

    /**
     * @throws AddressException if the recipient cannot be one
     * @throws MessagingException if a header would be broken
     */
    static Mail of(Letter letter, LetterSettings settings, Instant now) throws MessagingException {
        Mail mail = new Mail("<" + letter.eventId() + "@" + settings.messageIdDomain() + ">");
        mail.setFrom(new InternetAddress(settings.from(), true));
        if (settings.replyTo().isPresent()) {
            mail.setReplyTo(
                    new Address[] {new InternetAddress(settings.replyTo().get(), true)});
        }
        mail.setRecipient(Message.RecipientType.TO, recipient(letter.to()));
        String prefix = settings.subjectPrefix().isEmpty() ? "" : settings.subjectPrefix() + " ";
        mail.setSubject(oneLine(prefix + letter.subject()), UTF_8);
        mail.setSentDate(Date.from(now));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies, please
        if (settings.idempotencyHeader().isPresent()) {
            mail.setHeader(settings.idempotencyHeader().get(), letter.eventId());
        }
        for (Map.Entry<String, String> header : letter.headers().entrySet()) {
            mail.setHeader(header.getKey(), oneLine(header.getValue()));
        }
        mail.setContent(new MimeMultipart("alternative", part(letter.text(), "plain"), part(letter.html(), "html")));
        mail.saveChanges();
        return mail;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, subtype);
        return part;
    }

    /** One address with a domain; a domain in another script is written as the DNS has it. */
    private static InternetAddress recipient(String text) throws AddressException {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1 || !text.equals(text.strip())) {
            throw new AddressException("not one address with a domain");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new AddressException("a control character in the address");
        }
        InternetAddress[] addresses =
                InternetAddress.parse(text.substring(0, at) + "@" + ascii(text.substring(at + 1)), true);
        if (addresses.length != 1 || addresses[0].isGroup()) {
            throw new AddressException("not one address");
        }
        addresses[0].validate();
        return addresses[0];
    }

    private static String ascii(String domain) throws AddressException {
        try {
            return IDN.toASCII(domain);
        } catch (IllegalArgumentException e) {
            throw new AddressException("the domain is not a name");
        }
    }

    private static String oneLine(String value) throws MessagingException {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new MessagingException("a header value has a line end");
        }
        return value;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
