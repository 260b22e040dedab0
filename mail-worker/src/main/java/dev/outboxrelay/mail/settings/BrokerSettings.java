package dev.outboxrelay.mail.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to reach RabbitMQ; the names of Spring Boot's {@code spring.rabbitmq}.
 *
 * @param addresses tried in turn
 * @param sslBundle the bundle for TLS; without one {@code ssl} trusts what the JVM trusts
 */
public record BrokerSettings(
        List<Address> addresses,
        String username,
        String password,
        String virtualHost,
        boolean ssl,
        Optional<String> sslBundle,
        Duration connectionTimeout,
        Duration heartbeat) {
    /** One broker. */
    public record Address(String host, int port) {}

    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;

    static BrokerSettings read(SettingsReader reader) {
        Optional<String> bundle = reader.text("spring.rabbitmq.ssl.bundle");
        boolean ssl = reader.flag("spring.rabbitmq.ssl.enabled", bundle.isPresent());
        int port = reader.number("spring.rabbitmq.port", ssl ? TLS_PORT : PORT, 1, 65535);
        String host = reader.text("spring.rabbitmq.host", "localhost");
        Location uri = Location.read(reader, reader.text("spring.rabbitmq.addresses", host + ":" + port), ssl, port);
        return new BrokerSettings(
                uri.addresses,
                uri.username.orElseGet(() -> reader.text("spring.rabbitmq.username", "guest")),
                uri.password.orElseGet(() -> reader.text("spring.rabbitmq.password", "guest")),
                uri.virtualHost.orElseGet(() -> reader.text("spring.rabbitmq.virtual-host", "/")),
                uri.ssl,
                bundle,
                reader.duration("spring.rabbitmq.connection-timeout", Duration.ofSeconds(5), Duration.ofMillis(100)),
                reader.duration("spring.rabbitmq.requested-heartbeat", Duration.ofSeconds(10), Duration.ofSeconds(1)));
    }

    @Override
    public String toString() {
        return "BrokerSettings[" + addresses + ", virtualHost=" + virtualHost + ", username=" + username
                + ", password=***, ssl=" + ssl + "]";
    }

    /** {@code host:port} or {@code amqp[s]://user:password@host:port/vhost}, several by commas; the first one's user counts. */
    private static final class Location {
        private final List<Address> addresses = new ArrayList<>();
        private Optional<String> username = Optional.empty();
        private Optional<String> password = Optional.empty();
        private Optional<String> virtualHost = Optional.empty();
        private boolean ssl;

        static Location read(SettingsReader reader, String text, boolean ssl, int port) {
            Location uri = new Location();
            uri.ssl = ssl;
            for (String one : text.split(",", -1)) {
                try {
                    uri.add(one.trim(), port);
                } catch (IllegalArgumentException e) {
                    // Not the address itself: it may hold a password.
                    reader.problem("spring.rabbitmq.addresses", "has an address that is not host:port or an AMQP URI");
                }
            }
            return uri;
        }

        private void add(String text, int port) {
            boolean scheme = text.contains("://");
            URI parsed = URI.create(scheme ? text : "amqp://" + text);
            if (parsed.getHost() == null || !List.of("amqp", "amqps").contains(parsed.getScheme())) {
                throw new IllegalArgumentException("not an AMQP address");
            }
            ssl |= parsed.getScheme().equals("amqps");
            boolean first = addresses.isEmpty();
            int standard = parsed.getScheme().equals("amqps") ? TLS_PORT : port;
            addresses.add(new Address(parsed.getHost(), parsed.getPort() == -1 ? standard : parsed.getPort()));
            if (first && parsed.getRawUserInfo() != null) {
                String[] user = parsed.getRawUserInfo().split(":", 2);
                username = Optional.of(decode(user[0]));
                password = user.length == 2 ? Optional.of(decode(user[1])) : Optional.empty();
            }
            String path = parsed.getRawPath();
            if (first && scheme && path != null && path.length() > 1) {
                virtualHost = Optional.of(decode(path.substring(1)));
            }
        }

        private static String decode(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
