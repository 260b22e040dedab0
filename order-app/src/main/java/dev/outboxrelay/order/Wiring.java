package dev.outboxrelay.order;

import dev.outboxrelay.order.outbox.Outbox;
import dev.outboxrelay.order.security.ApiSecurity;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class Wiring implements WebMvcConfigurer {
    /** With a mapper of its own: what an operator sets for answers must not change the bytes of events. */
    @Bean
    Outbox outbox(PlatformTransactionManager transactions, JdbcTemplate jdbc) {
        return new Outbox(transactions, jdbc, JsonMapper.builder().build());
    }

    @Bean
    Orders orders(PlatformTransactionManager transactions, JdbcTemplate jdbc, Outbox outbox) {
        return new Orders(new TransactionTemplate(transactions), new OrderTables(jdbc), outbox, Clock.systemUTC());
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, JsonMapper json, OrderAppProperties properties) {
        ApiSecurity security = new ApiSecurity(json);
        return switch (properties.security()) {
            case NONE -> security.open(http);
            case TOKEN -> security.byToken(http, properties.staticTokens());
        };
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.addCustomConverter(new CommandConverter<>(PlaceOrder.class, PlaceOrder::read));
    }
}
