package dev.outboxrelay.relay;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Environment variables that are called like settings of the relay's and are none. They can't be refused as mistyped properties
 * are, since others make such variables too: Kubernetes does for each service, a service {@code relay} among them.
 */
final class StrayVariables {

    private static final Pattern OF_A_SERVICE =
            Pattern.compile("RELAY_(?:\\w+_)?(?:SERVICE_HOST|SERVICE_PORT\\w*|PORT(?:_\\d+_\\w+)?)");
    private static final Pattern INDEX = Pattern.compile("(?:_\\d+)+$");

    private StrayVariables() {}

    /** Their names, in order, without those that Kubernetes makes; of a configuration that {@link Settings} has found usable. */
    static List<String> of(ConfigurableEnvironment environment) {
        Set<String> known = new HashSet<>();
        Set<String> lists = new HashSet<>();
        Binder.get(environment).bindOrCreate("relay", Bindable.of(RelayConfig.class), new AbstractBindHandler() {
            @Override
            public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
                Set<String> spellings = spellings(name);
                known.addAll(spellings);
                if (target.getType().resolve(Object.class) == List.class) {
                    lists.addAll(spellings);
                }
                return target;
            }
        });
        EnumerablePropertySource<?> variables = (EnumerablePropertySource<?>) Objects.requireNonNull(
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME));
        return Stream.of(variables.getPropertyNames())
                .filter(name -> name.toUpperCase(Locale.ROOT).startsWith("RELAY_"))
                .filter(name -> !known.contains(name.toUpperCase(Locale.ROOT))
                        && !lists.contains(INDEX.matcher(name).replaceFirst("").toUpperCase(Locale.ROOT)))
                .filter(name -> !OF_A_SERVICE.matcher(name).matches())
                .sorted()
                .toList();
    }

    /** Boot reads a variable in small letters too, and with an underscore for each dash or for none. */
    private static Set<String> spellings(ConfigurationPropertyName name) {
        String variable = name.toString().replace('.', '_').toUpperCase(Locale.ROOT);
        return Set.copyOf(List.of(variable.replace('-', '_'), variable.replace("-", "")));
    }
}
