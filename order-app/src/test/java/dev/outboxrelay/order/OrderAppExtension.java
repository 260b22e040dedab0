package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.junit.MySqlExtension;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The app in this JVM, with a database of its own on a real MySQL, for all tests of a class. What events they produced is
 * checked in the end.
 */
final class OrderAppExtension implements BeforeAllCallback, AfterAllCallback {

    private final MySqlExtension mysql = new MySqlExtension();
    private final List<String> settings;

    private @Nullable Database database;
    private @Nullable ConfigurableApplicationContext context;

    private final Set<Class<?>> sources = new LinkedHashSet<>();
    private boolean proxied;
    private boolean cut;
    private @Nullable FaultProxy proxy;

    OrderAppExtension(String... settings) {
        this.settings = List.of(settings);
    }

    /** With another bean, of that type. */
    OrderAppExtension with(Class<?> bean) {
        sources.add(bean);
        return this;
    }

    /** The same, and it can't be reached until that is healed. */
    OrderAppExtension behindACutProxy() {
        cut = true;
        return behindAProxy();
    }

    /** MySQL is reached through {@link #proxy()}. */
    OrderAppExtension behindAProxy() {
        proxied = true;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext extension) {
        Database fresh = Database.fresh(mysql);
        database = fresh;
        SpringApplication application = OrderApp.application();
        application.addPrimarySources(sources);
        context = application.run(arguments(fresh).toArray(String[]::new));
    }

    @Override
    public void afterAll(ExtensionContext extension) {
        if (context != null) {
            context.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (database != null) {
            assertThat(database.events()).allSatisfy(new EventContract()::check);
        }
    }

    FaultProxy proxy() {
        return Objects.requireNonNull(proxy);
    }

    Database database() {
        return Objects.requireNonNull(database);
    }

    <T> T bean(Class<T> type) {
        return Objects.requireNonNull(context).getBean(type);
    }

    /** As Alice, who may do everything. */
    Api api() {
        return new Api(port("local.server.port"), TestTokens.ALICE);
    }

    Api management() {
        return new Api(port("local.management.port"), "");
    }

    private int port(String property) {
        return Objects.requireNonNull(context).getEnvironment().getRequiredProperty(property, Integer.class);
    }

    private List<String> arguments(Database fresh) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0"));
        arguments.addAll(proxied ? fresh.settings(newProxy(fresh)) : fresh.settings());
        if (!settings.contains("--order-app.security=none")) {
            arguments.addAll(TestTokens.settings());
        }
        arguments.addAll(settings);
        return arguments;
    }

    private FaultProxy newProxy(Database fresh) {
        FaultProxy started = FaultProxy.to(fresh.server().host(), fresh.server().port());
        if (cut) {
            started.cut();
        }
        proxy = started;
        return started;
    }
}
