package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ConfigurationCheckTest {
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";
    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    private final Map<String, Object> settings = new HashMap<>();
    private final Map<String, Object> variables = new HashMap<>();

    @Test
    void there_is_no_app_that_nobody_can_call_and_none_that_anybody_can_unless_it_is_told_so() {
        assertThatThrownBy(this::check)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("order-app.security=none");

        settings.put("order-app.security", "none");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"public-key-location", "jwk-set-uri", "issuer-uri"})
    void where_to_find_keys_for_jwts_is_enough_and_nothing_else_about_them(String name) {
        settings.put(JWT + "audiences", "order-app");
        settings.put(JWT + name, "");
        assertThatThrownBy(this::check).hasMessageContaining("Nobody could call");

        settings.put(JWT + name, "https://issuer.example");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void who_lets_anybody_in_does_not_ask_for_tokens_as_well() {
        settings.put("order-app.security", "none");
        settings.put(JWT + "issuer-uri", "https://issuer.example");
        assertThatThrownBy(this::check).hasMessageContaining("order-app.security=none lets anybody in");
    }

    @Test
    void a_misspelt_setting_is_refused() {
        settings.put("order-app.security", "none");
        settings.put("order-app.idempotency.expirey", "1h");
        assertThatThrownBy(this::check).rootCause().hasMessageContaining("expirey");
    }

    @Test
    void so_is_one_in_the_environment_and_all_of_them_are_told() {
        settings.put("order-app.security", "none");
        variables.put("ORDER_APP_IDEMPOTENCY_EXPIREY", "1h");
        variables.put("ORDERAPP_TOKNS", "1");
        variables.put("ORDER_APP_MAXCONCURRENT", "1");
        variables.put("ORDER_APP_MAX_CONCURRENT_8", "1");
        variables.put("order_app_tokns", "1");

        assertThatThrownBy(this::check)
                .hasMessageContainingAll(
                        "ORDER_APP_IDEMPOTENCY_EXPIREY",
                        "ORDERAPP_TOKNS",
                        "ORDER_APP_MAXCONCURRENT",
                        "ORDER_APP_MAX_CONCURRENT_8",
                        "order_app_tokns");
    }

    @Test
    void settings_of_ours_and_what_others_call_alike_may_stand_in_the_environment() {
        variables.put("ORDER_APP_TOKENS_0_SUBJECT", "alice");
        variables.put("ORDER_APP_TOKENS_0_SHA256", TestTokens.sha256(TestTokens.ALICE));
        variables.put("ORDERAPP_TOKENS_0_SCOPES_0", "orders:pay");
        variables.put("ORDER_APP_MAX_CONCURRENT", "8");
        variables.put("ORDERAPP_IDEMPOTENCY_EXPIRY", "1h");
        variables.put("order_app_body_timeout", "9s");
        variables.put("ORDER_APP_IDEMPOTENCY_KEY", "");
        variables.put("ORDER_APP_PASSWORD", "flyway's");
        variables.put("ORDER_APP_PASSWORD_FILE", "flyway's");
        for (String service : List.of("ORDER_APP", "ORDERAPP")) {
            variables.put(service + "_SERVICE_HOST", "10.0.0.1");
            variables.put(service + "_SERVICE_PORT", "8080");
            variables.put(service + "_SERVICE_PORT_HTTP", "8080");
            variables.put(service + "_PORT", "tcp://10.0.0.1:8080");
            variables.put(service + "_PORT_8080_TCP_ADDR", "10.0.0.1");
            variables.put(service + "_METRICS_PORT_9080_TCP", "tcp://10.0.0.1:9080");
        }

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void more_commands_than_threads_are_refused_unless_threads_cost_nothing() {
        settings.put("order-app.security", "none");
        settings.put("order-app.max-concurrent", "96");
        settings.put("server.tomcat.threads.max", "96");
        assertThatThrownBy(this::check).hasMessageContaining("order-app.max-concurrent=96 needs more threads");

        settings.put("server.tomcat.threads.max", "97");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    private void check() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(ENVIRONMENT, new SystemEnvironmentPropertySource(ENVIRONMENT, variables));
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        new ConfigurationCheck()
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));
    }
}
