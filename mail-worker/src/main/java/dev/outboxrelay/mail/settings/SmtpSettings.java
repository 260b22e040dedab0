package dev.outboxrelay.mail.settings;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach the mail server; the names of Spring Boot's {@code spring.mail}. STARTTLS and a user are required unless
 * the {@code mail.smtp.*} properties say otherwise, the server's certificate is always checked, and no timeout is infinite.
 *
 * @param properties Jakarta Mail's own, ours and the user's merged
 * @param deadline for one mail, all replies together
 * @param maxPerConnection mails over one connection before it is closed
 * @param maxIdle how long a connection is kept unused; shorter than the server's own limit
 * @param rate mails per second; 0 is without limit
 */
public record SmtpSettings(
        String host,
        int port,
        Optional<String> username,
        String password,
        Map<String, String> properties,
        Optional<String> sslBundle,
        Duration deadline,
        int maxPerConnection,
        Duration maxIdle,
        int rate) {
    private static final List<String> TIMEOUTS =
            List.of("mail.smtp.connectiontimeout", "mail.smtp.timeout", "mail.smtp.writetimeout");

    static SmtpSettings read(SettingsReader reader) {
        boolean tls = reader.flag("spring.mail.ssl.enabled", false);
        Map<String, String> properties = properties(reader, tls);
        Optional<String> username = reader.text("spring.mail.username");
        if (username.isEmpty() && Boolean.parseBoolean(properties.get("mail.smtp.auth"))) {
            reader.problem(
                    "spring.mail.username",
                    "is not set; a mail server without users needs spring.mail.properties.mail.smtp.auth=false");
        }
        return new SmtpSettings(
                reader.required("spring.mail.host", "there must be a mail server"),
                reader.number("spring.mail.port", tls ? 465 : 587, 1, 65535),
                username,
                reader.text("spring.mail.password", ""),
                properties,
                reader.text("spring.mail.ssl.bundle"),
                reader.duration("mail-worker.smtp.deadline", Duration.ofSeconds(45), Duration.ofMillis(100)),
                reader.number("mail-worker.smtp.max-per-connection", 1_000, 1, Integer.MAX_VALUE),
                reader.duration("mail-worker.smtp.max-idle", Duration.ofSeconds(20), Duration.ofMillis(1)),
                reader.number("mail-worker.smtp.rate", 0, 0, 1_000_000));
    }

    private static Map<String, String> properties(SettingsReader reader, boolean tls) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("mail.smtp.auth", "true");
        if (tls) {
            properties.put("mail.smtp.ssl.enable", "true");
        } else {
            properties.put("mail.smtp.starttls.enable", "true");
            properties.put("mail.smtp.starttls.required", "true");
        }
        properties.put("mail.smtp.connectiontimeout", "5000");
        // No write timeout, for which Jakarta Mail wakes a thread at every write: the deadline cuts a write that is
        // stuck.
        properties.put("mail.smtp.timeout", "20000");
        properties.putAll(reader.map("spring.mail.properties"));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        for (String timeout : TIMEOUTS) {
            String millis = properties.get(timeout);
            if (millis != null && !millis.matches("[1-9][0-9]{0,8}")) {
                reader.problem("spring.mail.properties." + timeout, "must be a number of milliseconds above 0");
            }
        }
        return Map.copyOf(properties);
    }

    /** Whether mails are sent only after a login. */
    public boolean logsIn() {
        return Boolean.parseBoolean(properties.get("mail.smtp.auth"));
    }

    @Override
    public String toString() {
        return "SmtpSettings[" + host + ":" + port + ", username=" + username.orElse("-") + ", password=***]";
    }
}
