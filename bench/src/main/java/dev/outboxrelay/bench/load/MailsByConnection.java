package dev.outboxrelay.bench.load;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** What Spring's JavaMailSender does for each mail: connect, STARTTLS, login, send, disconnect. Nothing is claimed or marked. */
final class MailsByConnection implements Work {

    private final JavaMailSenderImpl sender;
    private final byte[] mail;

    private MailsByConnection(JavaMailSenderImpl sender, byte[] mail) {
        this.sender = sender;
        this.mail = mail;
    }

    static MailsByConnection of(LoadSettings settings) throws IOException, GeneralSecurityException {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        sender.setHost(settings.required("BENCH_SMTP_HOST"));
        sender.setPort((int) settings.number("BENCH_SMTP_PORT"));
        sender.setUsername(settings.required("BENCH_SMTP_USER"));
        sender.setPassword(settings.required("BENCH_SMTP_PASSWORD"));
        Properties properties = sender.getJavaMailProperties();
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", trusting(settings.file("BENCH_SMTP_CA")));
        return new MailsByConnection(sender, settings.file("BENCH_MAIL_FILE"));
    }

    /** Trusts that authority and no other. */
    private static SSLSocketFactory trusting(byte[] authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(authority)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @Override
    public void once() throws MessagingException {
        sender.send(new MimeMessage(sender.getSession(), new ByteArrayInputStream(mail)));
    }

    @Override
    public void close() {
        // Nothing is kept.
    }
}
