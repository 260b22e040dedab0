package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

final class SmtpSinkIT {

    @Test
    void a_mail_in_chinese_arrives_through_starttls_and_login() throws Exception {
        try (SmtpSink sink = SmtpSink.start()) {
            send(sink, "王小明的订单", "龙井茶 × 2\n.\n..结束");

            assertThat(sink.awaitCount(1, Duration.ofSeconds(5)))
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.from()).isEqualTo("shop@example.com");
                        assertThat(mail.recipients()).containsExactly("xiaoming@example.com");
                        assertThat(mail.subject()).isEqualTo("王小明的订单");
                        assertThat(mail.textBody()).isEqualToNormalizingNewlines("龙井茶 × 2\n.\n..结束");
                    });
        }
    }

    static void send(SmtpSink sink, String subject, String text) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.auth", "true");
        properties.put("mail.smtp.ssl.socketFactory", trusting(sink).getSocketFactory());
        Session session = Session.getInstance(properties);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("shop@example.com"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("xiaoming@example.com"));
        message.setSubject(subject, "UTF-8");
        message.setText(text, "UTF-8");
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(sink.host(), sink.port(), sink.username(), sink.password());
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static SSLContext trusting(SmtpSink sink) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(sink.caFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
