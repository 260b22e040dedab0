package dev.outboxrelay.order;

import dev.outboxrelay.order.OrderAppProperties.Security;
import java.util.List;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.ApplicationListener;

/** Looks at the configuration before anything is built from it. */
final class ConfigurationCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final String JWT = "spring.security.oauth2.resourceserver.jwt";

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        Binder binder = Binder.get(event.getEnvironment());
        OrderAppProperties properties = binder.bindOrCreate(
                "order-app",
                Bindable.of(OrderAppProperties.class),
                new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        boolean jwt = binder.bind(JWT, Bindable.mapOf(String.class, Object.class))
                .map(settings -> !settings.isEmpty())
                .orElse(false);
        if (properties.security() == Security.TOKEN && properties.tokens().isEmpty() && !jwt) {
            throw new MisconfiguredException(List.of("Nobody could call: set order-app.tokens[0], or " + JWT
                    + ".issuer-uri or .public-key-location, or let anybody in with order-app.security=none"));
        }
    }
}
