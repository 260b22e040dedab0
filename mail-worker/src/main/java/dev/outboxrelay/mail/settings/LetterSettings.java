package dev.outboxrelay.mail.settings;

import java.util.Optional;

/**
 * What stands on every mail.
 *
 * @param from an address, with or without a display name
 * @param bcc gets a blind copy of every mail; where it is refused the mail is sent without
 * @param subjectPrefix put before every subject, with a space after it
 * @param messageIdDomain the right side of Message-ID
 * @param idempotencyHeader the name of a header that carries the event id for providers that honour one
 */
public record LetterSettings(
        String from,
        Optional<String> replyTo,
        Optional<String> bcc,
        String subjectPrefix,
        String messageIdDomain,
        Optional<String> idempotencyHeader) {
    private static final String HEADER_NAME = "[!-9;-~]{1,76}";

    static LetterSettings read(SettingsReader reader) {
        String from = oneLine(reader, "mail-worker.from", reader.text("mail-worker.from", "orders@localhost"));
        Optional<String> replyTo = reader.text("mail-worker.reply-to");
        replyTo.ifPresent(address -> oneLine(reader, "mail-worker.reply-to", address));
        String prefix = oneLine(reader, "mail-worker.subject-prefix", reader.text("mail-worker.subject-prefix", ""));
        String domain = from.replaceAll("^.*@|>.*$", "").trim();
        Optional<String> header = reader.text("mail-worker.idempotency-header");
        if (header.isPresent() && !header.get().matches(HEADER_NAME)) {
            reader.problem("mail-worker.idempotency-header", "is not the name of a header");
        }
        return new LetterSettings(
                from,
                replyTo,
                reader.text("mail-worker.bcc").map(address -> oneLine(reader, "mail-worker.bcc", address)),
                prefix,
                oneLine(reader, "mail-worker.message-id-domain", reader.text("mail-worker.message-id-domain", domain)),
                header);
    }

    private static String oneLine(SettingsReader reader, String name, String value) {
        if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            reader.problem(name, "must be one line");
        }
        return value;
    }
}
