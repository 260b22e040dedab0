package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.outboxrelay.mail.settings.BrokerSettings;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens connections. The client's own recovery is off: after any failure everything is opened anew, topology included. */
public final class Connections {
    /** As large as a broker can be configured to take; what is too large for us is parked, not a reason to hang up. */
    private static final int MAX_BODY = 512 * 1024 * 1024;

    private final ConnectionFactory factory = new ConnectionFactory();
    private final List<Address> addresses;

    /**
     * Prepares; opens nothing yet.
     *
     * @param tls for TLS with a private CA; null trusts what the JVM trusts, where TLS is asked for
     */
    public Connections(BrokerSettings settings, @Nullable SSLContext tls) {
        addresses = settings.addresses().stream()
                .map(address -> new Address(address.host(), address.port()))
                .toList();
        factory.setUsername(settings.username());
        factory.setPassword(settings.password());
        factory.setVirtualHost(settings.virtualHost());
        int timeout = Math.toIntExact(settings.connectionTimeout().toMillis());
        factory.setConnectionTimeout(timeout);
        factory.setHandshakeTimeout(timeout);
        factory.setChannelRpcTimeout(Math.max(timeout, 10_000));
        factory.setRequestedHeartbeat(Math.toIntExact(settings.heartbeat().toSeconds()));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setMaxInboundMessageBodySize(MAX_BODY);
        if (settings.ssl()) {
            encrypt(tls);
        }
    }

    private void encrypt(@Nullable SSLContext tls) {
        try {
            factory.useSslProtocol(tls == null ? SSLContext.getDefault() : tls);
            factory.enableHostnameVerification();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /**
     * Tries the addresses in turn.
     *
     * @throws IOException if none takes us, with what the last one said
     */
    Connection open(String name) throws IOException, TimeoutException {
        return factory.newConnection(addresses, name);
    }

    /** Where they lead, for a message. */
    String where() {
        return addresses.stream().map(Address::toString).collect(Collectors.joining(", "));
    }

    /** What the client says of a failure; often it wraps the words in an exception without any. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
