package dev.outboxrelay.demo;

import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.local.SmtpSink;
import java.util.HashMap;
import java.util.Map;

/** The environment of each application: the same variables that compose.yaml sets, with the addresses of these servers. */
final class AppSettings {

    private final Services services;
    private final Scope scope;
    private final Credentials credentials;

    AppSettings(Services services, Scope scope, Credentials credentials) {
        this.services = services;
        this.scope = scope;
        this.credentials = credentials;
    }

    Map<String, String> orderApp(int port, int managementPort) {
        Map<String, String> settings = datasource(names().orders(), names().orderApp(), credentials.orderApp());
        settings.put("SERVER_PORT", Integer.toString(port));
        settings.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        settings.put("ORDER_APP_TOKENS_0_SUBJECT", "demo");
        settings.put("ORDER_APP_TOKENS_0_SHA256", credentials.orderTokenHash());
        settings.put("ORDER_APP_TOKENS_0_SCOPES", "orders:write");
        return settings;
    }

    Map<String, String> outboxRelay(int port) {
        Map<String, String> settings = datasource(names().relay(), names().outboxRelay(), credentials.outboxRelay());
        settings.put("SERVER_PORT", Integer.toString(port));
        settings.put("RELAY_SCHEMA", names().relay());
        settings.put("RELAY_TABLES", names().orders() + ".outbox");
        settings.put("RELAY_VERIFICATION_CONFIRMATIONS", names().mail() + ".confirmations");
        broker(settings, "outbox_relay", credentials.outboxRelay());
        return settings;
    }

    Map<String, String> mailWorker(int port) {
        Map<String, String> settings = datasource(names().mail(), names().mailWorker(), credentials.mailWorker());
        settings.put("SERVER_PORT", Integer.toString(port));
        broker(settings, "mail_worker", credentials.mailWorker());
        SmtpSink sink = services.sink();
        settings.put("SPRING_MAIL_HOST", sink.host());
        settings.put("SPRING_MAIL_PORT", Integer.toString(sink.port()));
        settings.put("SPRING_MAIL_USERNAME", sink.username());
        settings.put("SPRING_MAIL_PASSWORD", sink.password());
        settings.put("SPRING_SSL_BUNDLE_PEM_SMTP_TRUSTSTORE_CERTIFICATE", "file:" + sink.caFile());
        settings.put("SPRING_MAIL_SSL_BUNDLE", "smtp");
        return settings;
    }

    private Map<String, String> datasource(String schema, String user, String password) {
        Map<String, String> settings = new HashMap<>();
        settings.put("SPRING_DATASOURCE_URL", services.mysql().jdbcUrl(schema));
        settings.put("SPRING_DATASOURCE_USERNAME", user);
        settings.put("SPRING_DATASOURCE_PASSWORD", password);
        return settings;
    }

    private void broker(Map<String, String> settings, String user, String password) {
        settings.put(
                "SPRING_RABBITMQ_ADDRESSES",
                services.rabbit().host() + ":" + services.rabbit().port());
        settings.put("SPRING_RABBITMQ_VIRTUAL_HOST", scope.vhost());
        settings.put("SPRING_RABBITMQ_USERNAME", BrokerLogins.name(names(), user));
        settings.put("SPRING_RABBITMQ_PASSWORD", password);
    }

    private Names names() {
        return scope.names();
    }
}
