package dev.outboxrelay.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The broker, as {@code spring.rabbitmq.*} names it.
 *
 * @param addresses {@code host:port} or {@code amqp[s]://user:password@host:port/vhost}, tried in order; what a URI says wins
 * @param port left out, as in an address: 5672, with TLS 5671
 * @param username left out: {@code guest} is not assumed, one must be given here or in the addresses
 */
public record BrokerSettings(
        @DefaultValue List<String> addresses,
        @DefaultValue("localhost") String host,
        @Nullable Integer port,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("/") String virtualHost,
        @DefaultValue("5s") Duration connectionTimeout,
        @DefaultValue("10s") Duration requestedHeartbeat,
        @DefaultValue Ssl ssl) {

    /**
     * @param bundle name of a {@code spring.ssl.bundle.pem.*} or {@code .jks.*}, which switches TLS on as well; without one, the
     *     JVM's trusted authorities
     */
    public record Ssl(
            @DefaultValue("false") boolean enabled,
            @Nullable String bundle) {

        boolean isWanted() {
            return enabled || bundle != null;
        }
    }

    /** One place to connect to. */
    public record Address(
            String host,
            int port,
            boolean tls,
            @Nullable String user,
            @Nullable String password,
            String virtualHost) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * All places, in order.
     *
     * @throws IllegalArgumentException for an address that can't be read
     */
    public List<Address> all() {
        return addresses.isEmpty()
                ? List.of(
                        new Address(host, port(port, ssl.isWanted()), ssl.isWanted(), username, password, virtualHost))
                : addresses.stream().map(String::strip).map(this::address).toList();
    }

    private Address address(String text) {
        boolean hasScheme = text.contains("://");
        URI uri = URI.create(hasScheme ? text : "amqp://" + text);
        boolean tls = "amqps".equals(uri.getScheme()) || ssl.isWanted();
        if (uri.getHost() == null || !("amqp".equals(uri.getScheme()) || "amqps".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                    "must be host:port or amqp[s]://…, in the address at host " + uri.getHost());
        }
        String[] userInfo =
                uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
        String path = uri.getPath();
        return new Address(
                uri.getHost(),
                port(uri.getPort() >= 0 ? uri.getPort() : null, tls),
                tls,
                userInfo.length > 0 ? userInfo[0] : username,
                userInfo.length > 1 ? userInfo[1] : password,
                path == null || path.length() < 2 ? virtualHost : path.substring(1));
    }

    private static int port(@Nullable Integer given, boolean tls) {
        return given != null ? given : tls ? 5671 : 5672;
    }

    @Override
    public String toString() {
        return "BrokerSettings[" + all() + ", password=****]";
    }
}
