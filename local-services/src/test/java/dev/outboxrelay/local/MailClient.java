package dev.outboxrelay.local;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client that trusts the sink's authority, demands STARTTLS and logs in, on one connection. */
final class MailClient implements AutoCloseable {

    private final Session session;
    private final Transport transport;

    private MailClient(Session session, Transport transport) {
        this.session = session;
        this.transport = transport;
    }

    static MailClient connect(int port, String user, String password, Path caFile)
            throws MessagingException, GeneralSecurityException, IOException {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.starttls.required", "true");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.timeout", "10000");
        properties.put("mail.smtp.ssl.socketFactory", trusting(caFile).getSocketFactory());
        Session session = Session.getInstance(properties);
        Transport transport = session.getTransport("smtp");
        transport.connect("127.0.0.1", port, user, password);
        return new MailClient(session, transport);
    }

    static MailClient connect(SmtpSink sink) throws MessagingException, GeneralSecurityException, IOException {
        return connect(sink.port(), sink.username(), sink.password(), sink.caFile());
    }

    /** Sends a mail and returns it as it was sent. */
    MimeMessage send(String to, String subject, String text) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("shop@example.com"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        message.setSubject(subject, "UTF-8");
        message.setText(text, "UTF-8");
        message.setHeader("X-Order-Id", "order-" + subject);
        message.saveChanges();
        transport.sendMessage(message, message.getAllRecipients());
        return message;
    }

    @Override
    public void close() throws MessagingException {
        transport.close();
    }

    private static SSLContext trusting(Path caFile) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
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
