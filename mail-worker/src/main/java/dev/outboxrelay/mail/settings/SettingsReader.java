package dev.outboxrelay.mail.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

/** Reads single properties by Spring Boot's relaxed names and collects what is wrong, instead of stopping at the first. */
final class SettingsReader {
    private static final Logger log = LoggerFactory.getLogger(SettingsReader.class);
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("mail-worker");
    /** The dash may be left out, and Boot reads small letters as well. */
    private static final Pattern VARIABLE = Pattern.compile("MAIL_?WORKER_.*", Pattern.CASE_INSENSITIVE);
    /** A whole NAME=value; a mistaken MAIL_WORKER_SMTP_PORT=25 is none of them. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile("\\w+_(?:SERVICE_HOST|SERVICE_PORT\\w*|PORT_\\d+_\\w+)=.*|\\w+_PORT=\\w+://.*");

    private static final Pattern INDEX = Pattern.compile("_\\d+_?$");

    private final ConfigurableEnvironment environment;
    private final Binder binder;
    private final Set<ConfigurationPropertyName> known = new HashSet<>();
    private final Set<ConfigurationPropertyName> lists = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    SettingsReader(ConfigurableEnvironment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    /** The value, or nothing where it is not set, blank, or cannot be read as this type (which is a problem). */
    <T> Optional<T> optional(String name, Bindable<T> type) {
        known.add(ConfigurationPropertyName.of(name));
        try {
            return Optional.ofNullable(binder.bind(name, type).orElse(null));
        } catch (BindException e) {
            problem(
                    name,
                    "cannot be read as " + type.getType().resolve(Object.class).getSimpleName());
            return Optional.empty();
        }
    }

    Optional<String> text(String name) {
        return optional(name, Bindable.of(String.class)).filter(value -> !value.isBlank());
    }

    String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    String required(String name, String why) {
        return text(name).orElseGet(() -> {
            problem(name, "is not set: " + why);
            return "";
        });
    }

    boolean flag(String name, boolean otherwise) {
        return optional(name, Bindable.of(Boolean.class)).orElse(otherwise);
    }

    int number(String name, int otherwise, int min, int max) {
        int value = optional(name, Bindable.of(Integer.class)).orElse(otherwise);
        if (value < min || value > max) {
            problem(name, "is " + value + ", must be " + min + " to " + max);
            return otherwise;
        }
        return value;
    }

    Duration duration(String name, Duration otherwise, Duration min) {
        Duration value = optional(name, Bindable.of(Duration.class)).orElse(otherwise);
        if (value.compareTo(min) < 0) {
            problem(name, "is " + Durations.text(value) + ", must be at least " + Durations.text(min));
            return otherwise;
        }
        return value;
    }

    List<Duration> durations(String name, List<Duration> otherwise, Duration min) {
        lists.add(ConfigurationPropertyName.of(name));
        List<Duration> values = optional(name, Bindable.listOf(Duration.class))
                .filter(list -> !list.isEmpty())
                .orElse(otherwise);
        if (values.stream().anyMatch(value -> value.compareTo(min) < 0)) {
            problem(name, "must not have a value below " + Durations.text(min));
            return otherwise;
        }
        return List.copyOf(values);
    }

    DataSize size(String name, DataSize otherwise) {
        return optional(name, Bindable.of(DataSize.class)).orElse(otherwise);
    }

    <E extends Enum<E>> E choice(String name, E otherwise) {
        return optional(name, Bindable.of(otherwise.getDeclaringClass())).orElse(otherwise);
    }

    Map<String, String> map(String name) {
        return optional(name, Bindable.mapOf(String.class, String.class)).orElse(Map.of());
    }

    /** The names of all settings of ours that have been asked for. */
    List<String> ours() {
        return known.stream()
                .filter(OURS::isAncestorOf)
                .map(Object::toString)
                .sorted()
                .toList();
    }

    void problem(String name, String what) {
        problems.add(name + " " + what);
    }

    /** @throws InvalidSettingsException if anything was wrong, or a property of ours was set, but in the environment, that nobody reads */
    void check() {
        checkAmong(this);
        if (!ignoredVariables().isEmpty()) {
            log.warn(
                    "not among the mail worker's settings, so without effect: {}",
                    String.join(", ", ignoredVariables()));
        }
    }

    /**
     * The same for somebody who has read some of the settings.
     *
     * @param whole has read all that there are
     */
    void checkAmong(SettingsReader whole) {
        StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
                .filter(source -> source instanceof IterableConfigurationPropertySource
                        && !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource))
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(name -> OURS.isAncestorOf(name) && !whole.knows(name))
                .distinct()
                .forEach(name -> problem(name.toString(), "is not a setting of the mail worker"));
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    private boolean knows(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() ? lists.contains(name.getParent()) : known.contains(name);
    }

    /**
     * Environment variables that look like settings of ours and are none, but for those that Kubernetes makes for a service
     * of our name. They are no reason not to start: others may make such variables too.
     */
    List<String> ignoredVariables() {
        Set<String> variables = variables(known);
        Set<String> ofLists = variables(lists);
        return environment.getPropertySources().stream()
                .filter(SystemEnvironmentPropertySource.class::isInstance)
                .flatMap(source -> ((SystemEnvironmentPropertySource) source).getSource().entrySet().stream())
                .filter(variable -> VARIABLE.matcher(variable.getKey()).matches()
                        && !OF_A_SERVICE.matcher(variable.toString()).matches())
                .map(Map.Entry::getKey)
                .filter(variable -> {
                    String name = variable.toUpperCase(Locale.ROOT);
                    return !variables.contains(name)
                            && !ofLists.contains(INDEX.matcher(name).replaceFirst(""));
                })
                .sorted()
                .toList();
    }

    /** What they may be called in the environment, in capitals. */
    private static Set<String> variables(Set<ConfigurationPropertyName> names) {
        return names.stream()
                .map(name -> name.toString().toUpperCase(Locale.ROOT).replace('.', '_'))
                .flatMap(name -> Stream.of(name.replace('-', '_'), name.replace("-", "")))
                .collect(Collectors.toSet());
    }
}
