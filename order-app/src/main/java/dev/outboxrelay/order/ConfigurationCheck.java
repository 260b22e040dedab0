package dev.outboxrelay.order;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/** Looks at the configuration before anything is built from it. */
final class ConfigurationCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";
    private static final String THREADS = "server.tomcat.threads.max";

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        ConfigurableEnvironment environment = event.getEnvironment();
        KnownSettings known = new KnownSettings();
        OrderAppProperties properties = Binder.get(environment)
                .bindOrCreate("order-app", Bindable.of(OrderAppProperties.class), known.handler());

        List<String> problems = new ArrayList<>(known.problems(environment));
        checkCallers(environment, properties, problems);
        checkThreads(environment, properties, problems);
        if (!problems.isEmpty()) {
            throw new MisconfiguredException(problems);
        }
    }

    private static void checkCallers(
            ConfigurableEnvironment environment, OrderAppProperties properties, List<String> problems) {
        boolean jwts = Stream.of("issuer-uri", "jwk-set-uri", "public-key-location")
                .anyMatch(name -> StringUtils.hasText(environment.getProperty(JWT + name)));
        boolean somebody = jwts || !properties.tokens().isEmpty();
        switch (properties.security()) {
            case TOKEN -> {
                if (!somebody) {
                    problems.add("Nobody could call: set order-app.tokens[0], or " + JWT + "issuer-uri, .jwk-set-uri or"
                            + " .public-key-location, or let anybody in with order-app.security=none");
                }
            }
            case NONE -> {
                if (somebody) {
                    problems.add("order-app.security=none lets anybody in, whatever order-app.tokens and " + JWT
                            + "* say: leave out the one or the others");
                }
            }
        }
    }

    /** Who waits for a thread is not sent away at once. */
    private static void checkThreads(
            ConfigurableEnvironment environment, OrderAppProperties properties, List<String> problems) {
        int threads = environment.getProperty(THREADS, Integer.class, Integer.MAX_VALUE);
        if (properties.maxConcurrent() >= threads && !Threading.VIRTUAL.isActive(environment)) {
            problems.add("order-app.max-concurrent=" + properties.maxConcurrent() + " needs more threads than "
                    + THREADS + "=" + threads + ", or a JDK that has virtual ones (21)");
        }
    }
}
