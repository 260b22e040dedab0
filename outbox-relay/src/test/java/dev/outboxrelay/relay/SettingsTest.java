package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingsTest {

    private final Map<String, Object> properties = new HashMap<>(Map.of(
            "spring.datasource.url", "jdbc:mysql://db.example:3307/relay?sslMode=VERIFY_CA",
            "spring.datasource.username", "outbox_relay",
            "spring.datasource.password", "s3cret",
            "spring.rabbitmq.addresses", "amqp://guest:hush@one:5673/shop, two"));

    @Test
    void the_defaults_are_those_of_the_readme() {
        properties.put("spring.rabbitmq.username", "u");
        properties.put("spring.rabbitmq.password", "p");
        RelayConfig relay = settings().relay();

        assertThat(relay.name()).isEqualTo("orders");
        assertThat(relay.tables()).containsExactly("orders.outbox");
        assertThat(relay.window().messages()).isEqualTo(1000);
        assertThat(relay.window().bytes().toMegabytes()).isEqualTo(32);
        assertThat(relay.offset().interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(relay.lease().ttl()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void what_an_address_says_wins_over_the_single_properties() {
        properties.put("spring.rabbitmq.username", "u");
        properties.put("spring.rabbitmq.password", "p");

        assertThat(settings().broker().all())
                .containsExactly(
                        new BrokerSettings.Address("one", 5673, false, "guest", "hush", "shop"),
                        new BrokerSettings.Address("two", 5672, false, "u", "p", "/"));
    }

    @Test
    void a_bundle_means_tls_wherever_the_broker_is_named() {
        properties.put("spring.rabbitmq.username", "u");
        properties.put("spring.rabbitmq.password", "p");
        properties.put("spring.rabbitmq.ssl.bundle", "broker");
        properties.put("spring.ssl.bundle.pem.broker.truststore.certificate", "");

        assertThat(settings().broker().all())
                .extracting(BrokerSettings.Address::tls, BrokerSettings.Address::port)
                .containsExactly(tuple(true, 5673), tuple(true, 5671));
        properties.remove("spring.rabbitmq.addresses");
        assertThat(settings().broker().all())
                .extracting(BrokerSettings.Address::tls, BrokerSettings.Address::port)
                .containsExactly(tuple(true, 5671));
    }

    @Test
    void the_database_is_read_from_the_url() {
        properties.put("spring.rabbitmq.addresses", "amqps://u:p@one");
        MySqlSettings mysql = settings().mysql();

        assertThat(mysql.host()).isEqualTo("db.example");
        assertThat(mysql.port()).isEqualTo(3307);
        assertThat(mysql.property("sslmode")).isEqualTo("VERIFY_CA");
    }

    @Test
    void a_time_to_wait_for_a_connection_that_none_can_keep_is_refused() {
        properties.put("spring.datasource.url", "jdbc:mysql://db/relay?connectTimeout=5s");

        assertThatThrownBy(this::settings).hasMessageContaining("connectTimeout must be 1000 (ms) or more");
        properties.put("spring.datasource.url", "jdbc:mysql://db/relay?socketTimeout=0"); // it would wait for ever
        assertThatThrownBy(this::settings).hasMessageContaining("socketTimeout must be 1000 (ms) or more");
    }

    @Test
    void all_problems_are_listed_at_once_with_no_secret_among_them() {
        properties.put("spring.datasource.url", "jdbc:postgresql://db/x");
        properties.put("relay.name", "no spaces");
        properties.put("relay.window.messages", "0");
        properties.put("relay.routing-key", "{oops");

        assertThatThrownBy(this::settings)
                .isInstanceOf(Settings.InvalidException.class)
                .hasMessageContaining("spring.datasource.url")
                .hasMessageContaining("relay.name")
                .hasMessageContaining("relay.window.messages")
                .hasMessageContaining("{oops")
                .hasMessageContaining("spring.rabbitmq.username, .password: are missing for two:5672")
                .message()
                .doesNotContain("s3cret", "hush");
    }

    @Test
    void a_source_of_cloud_events_that_is_no_uri_is_refused() {
        properties.put("relay.cloud-events.source", "our orders");

        assertThatThrownBy(this::settings)
                .hasMessageContaining("relay.cloud-events.source: ")
                .hasMessageContaining("our orders");
    }

    @Test
    void a_mistyped_property_is_refused() {
        properties.put("relay.widnow.messages", "5");

        assertThatThrownBy(this::settings).hasMessageContaining("widnow");
    }

    @Test
    void a_mistyped_environment_variable_is_named_and_what_the_readme_or_kubernetes_calls_so_is_not() {
        properties.put("spring.rabbitmq.addresses", "amqps://u:p@one");
        StandardEnvironment environment = environment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.ofEntries(
                                        Map.entry("RELAY_BROKER_MANAGEMENT_URL", "http://one:15672"),
                                        Map.entry("RELAY_OFFSET_IDLE_INTERVAL", "3s"),
                                        Map.entry("RELAY_CONFIRMTIMEOUT", "4s"),
                                        Map.entry("RELAY_CONFIRM_TIME_OUT", "5s"),
                                        Map.entry("RELAY_TABLES_0", "shop.outbox"),
                                        Map.entry("relay_stop_timeout", "6s"),
                                        Map.entry("relay_stop_timeuot", "6s"),
                                        Map.entry("RELAY_WIDNOW_MESSAGES", "5"),
                                        Map.entry("RELAY_WINDOW_MESAGES", "5"),
                                        Map.entry("RELAY_WINDOW_MESSAGES_0", "5"),
                                        Map.entry("RELAY_SERVICE_HOST", "10.0.0.1"),
                                        Map.entry("RELAY_METRICS_PORT_9081_TCP_ADDR", "10.0.0.1"))));

        assertThat(Settings.of(environment).relay()).satisfies(relay -> {
            assertThat(relay.brokerManagement().url()).hasToString("http://one:15672");
            assertThat(relay.offset().idleInterval()).hasSeconds(3);
            assertThat(relay.confirmTimeout()).hasSeconds(4);
            assertThat(relay.stopTimeout()).hasSeconds(6);
            assertThat(relay.tables()).containsExactly("shop.outbox");
        });
        assertThat(StrayVariables.of(environment))
                .containsExactly(
                        "RELAY_CONFIRM_TIME_OUT",
                        "RELAY_WIDNOW_MESSAGES",
                        "RELAY_WINDOW_MESAGES",
                        "RELAY_WINDOW_MESSAGES_0",
                        "relay_stop_timeuot");
    }

    @Test
    void secrets_are_masked_in_every_text_form() {
        properties.put("spring.rabbitmq.username", "u");
        properties.put("spring.rabbitmq.password", "p4ss");

        assertThat(settings().toString()).doesNotContain("s3cret", "hush", "p4ss");
    }

    private Settings settings() {
        return Settings.of(environment());
    }

    private StandardEnvironment environment() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return environment;
    }
}
