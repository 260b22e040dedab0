package dev.outboxrelay.order;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Finds the settings of ours that there are not. Boot itself lets pass what is misspelt in the environment. */
final class KnownSettings extends AbstractBindHandler {
    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    /** In small letters too, as Boot reads them. */
    private static final Pattern OURS = Pattern.compile("ORDER_?APP_.*", Pattern.CASE_INSENSITIVE);

    /** flyway's, of the same name, and what Kubernetes tells of services whose names begin like ours. */
    private static final Pattern OTHERS = Pattern.compile("ORDER_APP_PASSWORD(_FILE)?|"
            + "ORDER_?APP_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private final Set<String> variables = new HashSet<>();

    /** Refuses what there is not anywhere but in the environment, and remembers what there is. */
    BindHandler handler() {
        return new NoUnboundElementsBindHandler(this, source -> !isEnvironment(source));
    }

    @Override
    public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
        String variable = name.toString()
                .toUpperCase(Locale.ROOT)
                .replace('.', '_')
                .replace('[', '_')
                .replace("]", "");
        variables.add(variable.replace('-', '_'));
        variables.add(variable.replace("-", ""));
        return target;
    }

    /** One for each variable that looks like ours and was not asked for; one that is empty may have been. */
    List<String> problems(ConfigurableEnvironment environment) {
        return names(environment.getPropertySources().get(ENVIRONMENT))
                .filter(name -> OURS.matcher(name).matches())
                .filter(name -> !variables.contains(name.toUpperCase(Locale.ROOT)))
                .filter(name -> !OTHERS.matcher(name).matches())
                .sorted()
                .map(name -> "The environment has " + name + ", which is no setting of order-app")
                .toList();
    }

    private static Stream<String> names(@Nullable PropertySource<?> source) {
        return source instanceof EnumerablePropertySource<?> variables
                ? Stream.of(variables.getPropertyNames())
                : Stream.empty();
    }

    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> properties
                && properties.getName().equals(ENVIRONMENT);
    }
}
