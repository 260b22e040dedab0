package dev.outboxrelay.order;

import dev.outboxrelay.order.OrderAppProperties.KeyPolicy;
import dev.outboxrelay.order.outbox.Outbox;
import dev.outboxrelay.order.outbox.TraceHeaders;
import dev.outboxrelay.order.security.ApiSecurity;
import dev.outboxrelay.order.security.BearerTokens;
import dev.outboxrelay.order.security.IssuerClient;
import dev.outboxrelay.order.security.IssuerKeys;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

@EnableScheduling
@Configuration(proxyBeanMethods = false)
class Wiring implements WebMvcConfigurer {
    private static final int EMPTY_LINE = "\r\n".length();

    private final OrderAppProperties properties;

    Wiring(OrderAppProperties properties) {
        this.properties = properties;
    }

    /** With a mapper of its own: what an operator sets for answers must not change the bytes of events. */
    @Bean
    Outbox outbox(
            PlatformTransactionManager transactions,
            JdbcTemplate jdbc,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator) {
        Supplier<Map<String, String>> headers = tracer.stream()
                .findFirst()
                .<Supplier<Map<String, String>>>map(found -> new TraceHeaders(found, propagator.getObject()))
                .orElse(Map::of);
        return new Outbox(transactions, jdbc, JsonMapper.builder().build(), headers);
    }

    @Bean
    Orders orders(PlatformTransactionManager transactions, JdbcTemplate jdbc, Outbox outbox) {
        return new Orders(
                new TransactionTemplate(transactions),
                new OrderTables(jdbc),
                new IdempotencyKeys(jdbc),
                outbox,
                new Answers(JsonMapper.builder().build()),
                Clock.systemUTC());
    }

    @Bean
    Admission admission() {
        return new Admission(properties.maxConcurrent(), Clock.systemUTC());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemValve() {
        return tomcat -> tomcat.addContextCustomizers(
                context -> ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemValve.class.getName()));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> unreadBody() {
        return tomcat -> tomcat.addEngineValves(new UnreadBody(properties.bodyTimeout()));
    }

    /**
     * Within one read, Tomcat waits for a whole chunk header or trailer, as long for each byte as for the first. So nothing that
     * a sender may draw out is taken there, and no byte is waited for longer than a body.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> shortReads() {
        int longest = (int) Math.min(properties.bodyTimeout().toMillis(), Integer.MAX_VALUE);
        return tomcat -> tomcat.addConnectorCustomizers(connector -> {
            AbstractHttp11Protocol<?> http = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
            http.setMaxExtensionSize(0);
            http.setMaxTrailerSize(EMPTY_LINE);
            http.setDisableUploadTimeout(false);
            http.setConnectionUploadTimeout(longest);
        });
    }

    @Bean
    HealthIndicator dbHealthIndicator(DataSource mysql) {
        return new MySqlHealth(new DataSourceHealthIndicator(mysql));
    }

    @Bean
    KeySweeper keySweeper(PlatformTransactionManager transactions, JdbcTemplate jdbc) {
        return new KeySweeper(
                new TransactionTemplate(transactions),
                new IdempotencyKeys(jdbc),
                properties.idempotency().expiry());
    }

    @Bean
    SecurityFilterChain security(
            HttpSecurity http,
            JsonMapper json,
            ObjectProvider<JwtDecoder> decoder,
            ObjectProvider<JwtAuthenticationConverter> converter) {
        NowAndThen unavailable = new NowAndThen(
                LoggerFactory.getLogger(ApiSecurity.class),
                "{} callers were told to try again, since the issuer's keys cannot be had: {}",
                Clock.systemUTC());
        ApiSecurity security = new ApiSecurity(json, unavailable::note);
        Optional<JwtAuthenticationProvider> jwts = decoder.stream().findFirst().map(found -> {
            JwtAuthenticationProvider provider = new JwtAuthenticationProvider(found);
            converter.ifAvailable(provider::setJwtAuthenticationConverter);
            return provider;
        });
        return switch (properties.security()) {
            case NONE -> security.open(http);
            case TOKEN -> security.byToken(http, new BearerTokens(properties.staticTokens(), jwts));
        };
    }

    @Bean
    JwkSetUriJwtDecoderBuilderCustomizer issuerClient() {
        return decoder -> decoder.restOperations(new IssuerClient()).jwtProcessorCustomizer(IssuerKeys::keep);
    }

    /** A span and two meters for each filter of each request would cost more than all that the request is for. */
    @Bean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallArgument(properties.idempotency().key() == KeyPolicy.REQUIRED));
        resolvers.add(new IfMatchArgument());
        resolvers.add(new CommandArgument(properties.bodyTimeout()));
    }

    @Override
    public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
        handlers.add(new OutcomeWriter());
    }
}
