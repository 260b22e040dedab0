package dev.outboxrelay.relay;

import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The sidecar as a Spring Boot application: wiring, management endpoints, start and stop. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
public class RelayApplication {

    RelayApplication() {}

    /** Starts the application; it runs until the process is told to stop. */
    public static void run(String... args) {
        SpringApplication.run(RelayApplication.class, args);
    }

    @Bean
    Settings settings(Environment environment) {
        return Settings.of(environment);
    }

    @Bean
    DataSource dataSource(Settings settings) {
        return Assembly.database(settings.mysql());
    }

    @Bean
    RelayMetrics relayMetrics(MeterRegistry registry, Settings settings) {
        return new RelayMetrics(registry, settings.relay());
    }

    @Bean
    Supervisor supervisor(Settings settings, DataSource database, RelayMetrics metrics) {
        return Assembly.supervisor(settings, database, metrics);
    }

    @Bean
    RelayLifecycle relayLifecycle(Supervisor supervisor) {
        return new RelayLifecycle(supervisor);
    }

    @Bean
    RelayHealthIndicator relayHealthIndicator(Supervisor supervisor) {
        return new RelayHealthIndicator(supervisor);
    }
}
