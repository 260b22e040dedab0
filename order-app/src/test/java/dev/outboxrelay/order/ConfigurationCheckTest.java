package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ConfigurationCheckTest {
    private final Map<String, Object> settings = new HashMap<>();

    @Test
    void there_is_no_app_that_nobody_can_call_and_none_that_anybody_can_unless_it_is_told_so() {
        assertThatThrownBy(this::check)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("order-app.security=none");

        settings.put("order-app.security", "none");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void a_key_to_check_jwts_with_is_enough() {
        settings.put("spring.security.oauth2.resourceserver.jwt.public-key-location", "file:key.pem");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void a_misspelt_setting_is_refused() {
        settings.put("order-app.security", "none");
        settings.put("order-app.idempotency.expirey", "1h");
        assertThatThrownBy(this::check).rootCause().hasMessageContaining("expirey");
    }

    private void check() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        new ConfigurationCheck()
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));
    }
}
