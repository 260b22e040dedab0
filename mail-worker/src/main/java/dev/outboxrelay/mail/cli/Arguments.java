package dev.outboxrelay.mail.cli;

import dev.outboxrelay.mail.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line, with the settings in it ({@code --mail-worker.name=orders}) kept apart from the options, so that every
 * command takes them as the worker does, and a mistyped option is refused instead of taken for a setting.
 *
 * @param options in their order; what is not one of ours is left to the parser, which refuses it
 */
public record Arguments(List<String> options, Map<String, String> settings) {
    private static final Pattern SETTING = Pattern.compile(
            "--((?:mail-worker|spring|server|management|logging)\\.[\\w.\\[\\]-]+|debug|trace)=(.*)", Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile("password|secret");
    private static final Pattern LOCATION = Pattern.compile("(?:file|classpath):.*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.-]+}");

    /** Of AMQP, and of JDBC; the driver has settings that only begin with a password, or end with several. */
    private static final Pattern PASSWORD_IN_ADDRESS = Pattern.compile(
            "(?:^|[/,\\s])[^/@,\\s]*:[^/@,\\s]+@|[?&(,]\\s*\\w*password[123]?=[^&,)]", Pattern.CASE_INSENSITIVE);

    /**
     * Splits it.
     *
     * @throws InvalidSettingsException for a secret, which all users of a machine could read there
     */
    public static Arguments of(String... args) {
        List<String> options = new ArrayList<>();
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>();
        for (String arg : args) {
            Matcher setting = SETTING.matcher(arg);
            if (!setting.matches()) {
                options.add(arg);
                continue;
            }
            String name = setting.group(1);
            if (isSecret(name, setting.group(2))) {
                secrets.add(("%s: a command line is no place for a password, as everybody on this machine can read it;"
                                + " put it into the environment or into a file /run/secrets/%s")
                        .formatted(name, name));
            }
            settings.put(name, setting.group(2));
        }
        if (!secrets.isEmpty()) {
            throw new InvalidSettingsException(secrets);
        }
        return new Arguments(options, settings);
    }

    /** Boot reads a name in any case, with dashes or without. What only tells where a secret is, is none. */
    private static boolean isSecret(String name, String value) {
        String plain = name.replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
        String told = PLACEHOLDER.matcher(value).replaceAll("");
        boolean named = SECRET.matcher(plain).find()
                || (plain.endsWith(".privatekey") && !LOCATION.matcher(told).matches());
        return (named && !told.isEmpty()) || PASSWORD_IN_ADDRESS.matcher(told).find();
    }

    /** Whether nothing was asked for but to run the worker. */
    public boolean isRun() {
        return options.isEmpty() || options.equals(List.of("run"));
    }
}
