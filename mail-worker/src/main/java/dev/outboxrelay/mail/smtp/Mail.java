package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.settings.LetterSettings;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;

/** A letter as a MIME message. The same letter always has the same Message-ID. */
final class Mail extends MimeMessage {
    private static final String UTF_8 = "UTF-8";

    private static final Session ASCII = session(false);
    private static final Session UTF8 = session(true);

    /** RFC 5322, 3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final String messageId;
    private final String subject;
    private final InternetAddress recipient;
    private final Optional<InternetAddress> copy;
    private final boolean utf8;

    private Mail(String messageId, String subject, InternetAddress recipient, Optional<InternetAddress> copy) {
        super(isAscii(recipient.getAddress()) ? ASCII : UTF8);
        this.messageId = messageId;
        this.subject = subject;
        this.recipient = recipient;
        this.copy = copy;
        this.utf8 = !isAscii(recipient.getAddress());
    }

    private static Session session(boolean utf8) {
        Properties properties = new Properties();
        properties.put("mail.mime.allowutf8", Boolean.toString(utf8));
        return Session.getInstance(properties);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    /**
     * @throws AddressException if the recipient cannot be one
     * @throws MessagingException if a header would be broken
     */
    static Mail of(Letter letter, LetterSettings settings, Instant now) throws MessagingException {
        Optional<InternetAddress> copy = Optional.empty();
        if (settings.bcc().isPresent()) {
            copy = Optional.of(recipient(settings.bcc().get()));
        }
        String prefix = settings.subjectPrefix().isEmpty() ? "" : settings.subjectPrefix() + " ";
        Mail mail = new Mail(
                "<" + letter.eventId() + "@" + settings.messageIdDomain() + ">",
                oneLine(prefix + letter.subject()),
                recipient(letter.to()),
                copy);
        mail.setFrom(new InternetAddress(settings.from(), true));
        if (settings.replyTo().isPresent()) {
            mail.setReplyTo(
                    new Address[] {new InternetAddress(settings.replyTo().get(), true)});
        }
        mail.setRecipient(Message.RecipientType.TO, mail.recipient);
        mail.setSubject(mail.subject, UTF_8);
        mail.setHeader("Date", DATE.format(now));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies, please
        if (settings.idempotencyHeader().isPresent()) {
            mail.setHeader(settings.idempotencyHeader().get(), letter.eventId());
        }
        for (Map.Entry<String, String> header : letter.headers().entrySet()) {
            mail.setHeader(header.getKey(), folded(header.getKey(), oneLine(header.getValue())));
        }
        mail.setBody(Alternative.of(letter.eventId(), letter.text(), letter.html()));
        return mail;
    }

    /** What would be wrong with every mail. */
    static List<String> problems(LetterSettings settings) {
        List<String> problems = new ArrayList<>();
        check("mail-worker.from", Optional.of(settings.from()), from -> new InternetAddress(from, true), problems);
        check("mail-worker.reply-to", settings.replyTo(), to -> new InternetAddress(to, true), problems);
        check("mail-worker.bcc", settings.bcc(), Mail::recipient, problems);
        return problems;
    }

    private static void check(String name, Optional<String> address, Parser parser, List<String> problems) {
        if (address.isPresent()) {
            try {
                var unused = parser.parse(address.get());
            } catch (AddressException e) {
                problems.add(name + " is " + address.get() + ", which is no mail address: " + e.getMessage());
            }
        }
    }

    @FunctionalInterface
    private interface Parser {
        InternetAddress parse(String text) throws AddressException;
    }

    /** As if it had been read like this: nothing is encoded or worked out once more when it is written. */
    private void setBody(Alternative alternative) throws MessagingException {
        setHeader("MIME-Version", "1.0");
        setHeader("Content-Type", alternative.contentType());
        updateMessageID();
        content = alternative.body();
        modified = false;
        saved = true;
    }

    /** As it was given: Angus Mail asks for it at each mail, and would decode the header. */
    @Override
    public String getSubject() {
        return subject;
    }

    /** Whether the address can only be handed to a server with SMTPUTF8. */
    boolean needsUtf8() {
        return utf8;
    }

    /** As it stands in RCPT. */
    String recipient() {
        return recipient.getAddress();
    }

    boolean hasOneRecipient() {
        return copy.isEmpty();
    }

    /** The recipient, and the one of the copy where there is one. */
    Address[] recipients() {
        return copy.isPresent() ? new Address[] {recipient, copy.get()} : recipientOnly();
    }

    Address[] recipientOnly() {
        return new Address[] {recipient};
    }

    /** Whether the server would have taken the mail but for the copy. */
    boolean isOnlyCopyRefused(SendFailedException e) {
        return copy.isPresent()
                && e.getNextException() instanceof SMTPAddressFailedException first
                && first.getAddress().equals(copy.get());
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

    /** In words of ASCII and lines of bounded length, whatever the value is. */
    private static String folded(String name, String value) throws MessagingException {
        try {
            return MimeUtility.fold(name.length() + 2, MimeUtility.encodeText(value, UTF_8, null));
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("this JVM has no UTF-8", e);
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
