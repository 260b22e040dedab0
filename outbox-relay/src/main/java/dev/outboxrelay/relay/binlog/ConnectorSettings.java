package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.MySqlSettings;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.relational.history.MemorySchemaHistory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What we tell Debezium, and why. */
final class ConnectorSettings {

    /** Debezium registers a JMX bean under this name, so that two streams of one JVM must not share it. */
    private static final AtomicLong STREAMS = new AtomicLong();

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** The server's heartbeats come at 0.8 times this interval. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

    private static final Pattern PLAIN_TABLE_NAME = Pattern.compile("[\\w$]+\\.[\\w$]+");

    private ConnectorSettings() {}

    static Map<String, String> of(MySqlSettings mysql, List<String> tables) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("name", "outbox-relay");
        settings.put("connector.class", MySqlConnector.class.getName());
        settings.put("topic.prefix", "outbox-relay-" + STREAMS.incrementAndGet());
        settings.put("database.hostname", mysql.host());
        settings.put("database.port", Integer.toString(mysql.port()));
        settings.put("database.user", mysql.username());
        settings.put("database.password", mysql.password() == null ? "" : mysql.password());
        // Unique among the server's replicas and readers; a clash ends the run and the next one draws again.
        settings.put(
                "database.server.id",
                Integer.toString(ThreadLocalRandom.current().nextInt(1 << 24, 1 << 30)));
        tls(settings, mysql);

        settings.put(
                "table.include.list",
                tables.stream().map(ConnectorSettings::pattern).collect(Collectors.joining(",")));
        // Rows are taken before Debezium looks at them; it asks for a history of schemas all the same.
        settings.put("skipped.operations", "u,d,t");
        settings.put("schema.history.internal", MemorySchemaHistory.class.getName());
        settings.put("event.processing.failure.handling.mode", "fail");
        settings.put("inconsistent.schema.handling.mode", "fail");

        // A lost connection ends the run: reconnecting by itself, the client could meet another server unnoticed.
        settings.put("connect.keep.alive", "false");
        settings.put("connect.keep.alive.interval.ms", Long.toString(KEEP_ALIVE.toMillis()));
        settings.put("connect.timeout.ms", Long.toString(CONNECT_TIMEOUT.toMillis()));
        settings.put("use.nongraceful.disconnect", "true");
        return settings;
    }

    /** Debezium takes regular expressions; in a plain {@code schema.table} the dot shall mean a dot. */
    private static String pattern(String table) {
        return PLAIN_TABLE_NAME.matcher(table).matches()
                ? table.replace(".", "\\.").replace("$", "\\$")
                : table;
    }

    private static void tls(Map<String, String> settings, MySqlSettings mysql) {
        String mode = mysql.property("sslMode");
        settings.put("database.ssl.mode", mode == null ? "preferred" : mode.toLowerCase(Locale.ROOT));
        putIfPresent(settings, "database.ssl.truststore", path(mysql.property("trustCertificateKeyStoreUrl")));
        putIfPresent(settings, "database.ssl.truststore.password", mysql.property("trustCertificateKeyStorePassword"));
        putIfPresent(settings, "database.ssl.keystore", path(mysql.property("clientCertificateKeyStoreUrl")));
        putIfPresent(settings, "database.ssl.keystore.password", mysql.property("clientCertificateKeyStorePassword"));
    }

    private static @Nullable String path(@Nullable String url) {
        return url == null ? null : url.replaceFirst("^file:(//)?", "");
    }

    private static void putIfPresent(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }
}
