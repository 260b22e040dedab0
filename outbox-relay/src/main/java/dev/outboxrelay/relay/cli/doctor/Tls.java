package dev.outboxrelay.relay.cli.doctor;

import dev.outboxrelay.relay.cli.Words;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How safe a connection is from those between. On one machine there is nobody between. */
final class Tls {

    private static final Duration SOON = Duration.ofDays(30);

    private Tls() {}

    /**
     * A connection to MySQL.
     *
     * @param protocol empty without TLS
     * @param mode Connector/J's {@code sslMode}
     * @param notAfter end of the certificate's validity; null where not known
     */
    static Outcome ofMySql(String host, String protocol, String mode, @Nullable Instant notAfter) {
        String verify =
                "Add to spring.datasource.url: ?sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreUrl=file:/…/authority.p12";
        if (protocol.isEmpty()) {
            return unencrypted(host, verify);
        }
        if (mode.equals("VERIFY_IDENTITY")) {
            return verified(protocol, notAfter, "ALTER INSTANCE RELOAD TLS;");
        }
        String evidence = mode.equals("VERIFY_CA")
                ? protocol + ", the certificate is verified, but not that it is this host's"
                : protocol + ", but the certificate is not verified (sslMode=" + mode + ")";
        return isThisMachine(host)
                ? Outcome.ok(evidence + "; the server is on this machine")
                : Outcome.warning(evidence + ": whoever stands between can pose as the server", verify);
    }

    /**
     * A connection to RabbitMQ; with TLS, certificate and name are always verified.
     *
     * @param protocol null without TLS
     */
    static Outcome ofRabbit(String host, @Nullable String protocol, @Nullable Instant notAfter) {
        return protocol == null
                ? unencrypted(
                        host,
                        "Use an amqps:// address, or set spring.rabbitmq.ssl.enabled=true, and give a private authority in spring.rabbitmq.ssl.bundle")
                : verified(protocol, notAfter, "rabbitmqctl eval 'ssl:clear_pem_cache().'");
    }

    private static Outcome unencrypted(String host, String fix) {
        return isThisMachine(host)
                ? Outcome.ok("not encrypted; the server is on this machine")
                : Outcome.warning("not encrypted: whoever stands between can read and change everything", fix);
    }

    private static Outcome verified(String protocol, @Nullable Instant notAfter, String reload) {
        String evidence = protocol + ", certificate and host name are verified";
        if (notAfter == null) {
            return Outcome.ok(evidence);
        }
        Duration left = Duration.between(Instant.now(), notAfter);
        return left.compareTo(SOON) < 0
                ? Outcome.warning(
                        "%s; the certificate runs out in %s, at %s".formatted(evidence, Words.of(left), notAfter),
                        "Give the server a new certificate, then: " + reload)
                : Outcome.ok("%s; valid until %s".formatted(evidence, notAfter));
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // connected a moment ago; being wrong costs a warning
        }
    }
}
