package dev.outboxrelay.mail.smtp;

import dev.outboxrelay.mail.settings.SmtpSettings;
import jakarta.mail.Session;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** What all connections share; a session is made once because making one looks through all jars for providers. */
record SmtpEndpoint(SmtpSettings settings, Session session, SeveringSocketFactory sockets) {
    /** @param tls null trusts what the JVM trusts */
    static SmtpEndpoint of(SmtpSettings settings, @Nullable SSLSocketFactory tls) {
        SeveringSocketFactory sockets = new SeveringSocketFactory();
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        if (tls != null) {
            properties.put("mail.smtp.ssl.socketFactory", new SeveringTlsFactory(tls, sockets));
        }
        properties.put("mail.smtp.socketFactory", sockets);
        // Else what failed is tried once more without these factories: on a socket that nobody can sever, and with what
        // the JVM trusts although the bundle does not.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        // The thread that keeps the deadlines also closes idle connections, and a dead one would never answer to QUIT.
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.mime.allowutf8", "true"); // only where a mail needs it, see TrackedTransport
        return new SmtpEndpoint(settings, Session.getInstance(properties), sockets);
    }
}
