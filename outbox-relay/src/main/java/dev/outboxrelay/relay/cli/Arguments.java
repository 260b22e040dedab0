package dev.outboxrelay.relay.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command line, with the configuration in it ({@code --relay.name=orders}) kept apart from the options, so that every command
 * takes it as {@code run} does, and a mistyped option is still refused.
 *
 * @param properties in their order; what is not one of ours is left to the parser, which refuses it
 */
record Arguments(List<String> options, Map<String, Object> properties) {

    private static final Pattern PROPERTY =
            Pattern.compile("--((?:relay|spring|server|management|logging)\\.[\\w.\\[\\]-]+)=(.*)", Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile("password|secret");
    private static final Pattern LOCATION = Pattern.compile("(?:file|classpath):.*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[\\w.-]+}");

    /** Of AMQP, and of JDBC; the driver has settings that only begin with a password, or end with several. */
    private static final Pattern PASSWORD_IN_ADDRESS = Pattern.compile(
            "(?:^|[/,\\s])[^/@,\\s]*:[^/@,\\s]+@|[?&(,]\\s*\\w*password[123]?=[^&,)]", Pattern.CASE_INSENSITIVE);

    /** Whether it is configuration, and no option. */
    static boolean isProperty(String arg) {
        return PROPERTY.matcher(arg).matches();
    }

    /** Its name, if it has one. */
    static String withoutValue(String arg) {
        return arg.replaceFirst("(?s)=.*", "");
    }

    /** Whether there is a password or the like in it. */
    static boolean holdSecret(String... args) {
        return Stream.of(args).map(PROPERTY::matcher).anyMatch(property -> property.matches() && isSecret(property));
    }

    private static boolean isSecret(Matcher property) {
        return isSecret(property.group(1), property.group(2));
    }

    /** Boot reads a name in any case, with dashes or without. What only tells where a secret is, is none. */
    private static boolean isSecret(String name, String value) {
        String plain = name.replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
        String told = PLACEHOLDER.matcher(value).replaceAll("");
        boolean named = SECRET.matcher(plain).find()
                || (plain.endsWith(".privatekey") && !LOCATION.matcher(told).matches());
        return (named && !told.isEmpty()) || PASSWORD_IN_ADDRESS.matcher(told).find();
    }

    /**
     * Splits it.
     *
     * @throws CommandException for a secret, which all users of a machine could read there
     */
    static Arguments of(String... args) {
        List<String> options = new ArrayList<>();
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String arg : args) {
            var property = PROPERTY.matcher(arg);
            if (!property.matches()) {
                options.add(arg);
                continue;
            }
            String name = property.group(1);
            if (isSecret(property)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "a command line is no place for a password, as everybody on this machine can read it: put %s into the environment or into a file /run/secrets/%s"
                                .formatted(name, name));
            }
            properties.put(name, property.group(2));
        }
        return new Arguments(options, properties);
    }
}
