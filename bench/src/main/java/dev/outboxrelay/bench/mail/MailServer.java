package dev.outboxrelay.bench.mail;

import java.util.Map;

/** A mail server that takes everything. */
interface MailServer {

    String host();

    int port();

    /** Whether it wants STARTTLS and a login. */
    boolean secured();

    /** How many mails it has taken in all. */
    long count();

    /** How mail-worker is told of it, beside the login that it has anyway. */
    default Map<String, String> workerSettings() {
        return Map.of(
                "SPRING_MAIL_HOST", host(),
                "SPRING_MAIL_PORT", Integer.toString(port()),
                "SPRING_MAIL_PROPERTIES_MAIL_SMTP_AUTH", Boolean.toString(secured()),
                "SPRING_MAIL_PROPERTIES_MAIL_SMTP_STARTTLS_ENABLE", Boolean.toString(secured()),
                "SPRING_MAIL_PROPERTIES_MAIL_SMTP_STARTTLS_REQUIRED", Boolean.toString(secured()));
    }
}
