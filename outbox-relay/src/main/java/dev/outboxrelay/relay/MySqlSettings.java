package dev.outboxrelay.relay;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.exceptions.CJException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The database, as {@code spring.datasource.*} names it. The binlog is read from the same server with the same user and TLS
 * settings: {@code sslMode}, {@code trustCertificateKeyStoreUrl} and their like in the URL hold for both.
 *
 * @param url {@code jdbc:mysql://host[:port]/…}, one host
 */
public record MySqlSettings(
        String url, String username, @Nullable String password) {

    /** How long the database may take to answer before it counts as away. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration SNAPSHOT_PAUSE = Duration.ofDays(1);

    /** Where the binlog is. */
    public String host() {
        return main().getHost();
    }

    public int port() {
        return main().getPort();
    }

    /** A Connector/J property of the URL, or null. */
    public @Nullable String property(String name) {
        for (Map.Entry<String, String> property : main().getHostProperties().entrySet()) {
            if (property.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return property.getValue();
            }
        }
        return null;
    }

    /** How long a connection may take to be had, in milliseconds. */
    long connectTimeout() {
        return millis("connectTimeout", TIMEOUT.toMillis() / 2);
    }

    private long millis(String property, long otherwise) {
        String given = property(property);
        return given == null ? otherwise : Long.parseLong(given);
    }

    /** How the relay talks to it over JDBC: in UTC, and never waiting for ever. */
    public Map<String, String> driverProperties() {
        return Map.of(
                "connectionTimeZone",
                "UTC",
                "forceConnectionTimeZoneToSession",
                "true",
                "connectTimeout",
                Long.toString(connectTimeout()),
                "socketTimeout",
                Long.toString(millis("socketTimeout", TIMEOUT.toMillis())),
                // How long the server lets a snapshot stand still: it waits for as long as the broker takes nothing.
                "netTimeoutForStreamingResults",
                Long.toString(SNAPSHOT_PAUSE.toSeconds()));
    }

    /** Says what is wrong with the URL, or null. */
    @Nullable String problem() {
        if (!url.startsWith("jdbc:mysql://")) {
            return "spring.datasource.url: must look like jdbc:mysql://host:3306/relay, not " + withoutSecrets(url);
        }
        try {
            ConnectionUrl parsed = ConnectionUrl.getConnectionUrlInstance(url, new Properties());
            if (parsed.getHostsList().size() != 1) {
                return "spring.datasource.url: must name one host, the binlog is read from one server";
            }
            return Stream.of("connectTimeout", "socketTimeout")
                    .filter(name -> property(name) != null
                            && !String.valueOf(property(name)).matches("[1-9]\\d{3,8}"))
                    .map(name -> "spring.datasource.url: %s must be 1000 (ms) or more, not %s"
                            .formatted(name, property(name)))
                    .findFirst()
                    .orElse(null);
        } catch (CJException e) {
            return "spring.datasource.url: " + withoutSecrets(String.valueOf(e.getMessage()));
        }
    }

    private HostInfo main() {
        return ConnectionUrl.getConnectionUrlInstance(url, new Properties()).getMainHost();
    }

    @Override
    public String toString() {
        return "MySqlSettings[url=%s, username=%s, password=****]".formatted(withoutSecrets(url), username);
    }

    /** A URL may hold a password before its host or behind its question mark. */
    private static String withoutSecrets(String text) {
        return text.replaceAll("//[^@/]*@", "//****@").replaceAll("\\?\\S*", "?…");
    }
}
