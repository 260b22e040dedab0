package dev.outboxrelay.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;

/** The sidecar as a Spring Boot application: wiring, management endpoints, start and stop. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
public class RelayApplication {

    private static final Logger log = LoggerFactory.getLogger(RelayApplication.class);

    RelayApplication() {}

    /** Starts the application; it runs until the process is told to stop. */
    public static void run(String... args) {
        SpringApplication application = new SpringApplication(RelayApplication.class);
        // Before anything starts: a configuration that can't work ends here, in words.
        application.addInitializers(context -> {
            context.getBeanFactory().registerSingleton("settings", Settings.of(context.getEnvironment()));
            warnOfStrayVariables(context.getEnvironment());
        });
        application.run(args);
    }

    private static void warnOfStrayVariables(ConfigurableEnvironment environment) {
        List<String> stray = StrayVariables.of(environment);
        if (!stray.isEmpty()) {
            log.warn("No setting of the relay's is called so, these environment variables do nothing: {}", stray);
        }
    }

    @Bean
    DataSource dataSource(Settings settings) {
        return Assembly.database(settings.mysql());
    }

    @Bean
    RelayMetrics relayMetrics(MeterRegistry registry, Settings settings) {
        return new RelayMetrics(registry, settings.relay());
    }

    /** It starts before the web server does, and is stopped even where that can't start. */
    @Bean(initMethod = "start", destroyMethod = "stop")
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
