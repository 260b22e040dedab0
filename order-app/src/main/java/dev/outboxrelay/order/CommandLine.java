package dev.outboxrelay.order;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** What can be said on the command line: settings, and what people ask any command. */
final class CommandLine {
    private static final String SETTING = "(?s)--[A-Za-z][A-Za-z0-9._\\[\\]-]*=.*";
    private static final String HELP = """
            Usage: order-app [--name=value ...]
            The order API: stores orders and their events in MySQL, and tells nobody else.

              --name=value    a setting, such as --server.port=8081
              -h, --help      this
              -V, --version   the version

            Settings also come from application.yaml in the working directory, the environment (SPRING_DATASOURCE_URL, ...) and
            files in /run/secrets. order-app/README.md has a table of them.

            Exit codes: 0 done, 1 failed, 2 wrong option or setting.""";

    private final PrintStream out;
    private final PrintStream err;

    CommandLine(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** The exit code where that is all there is to do; empty where the app should start. */
    OptionalInt answer(String... arguments) {
        List<String> all = Arrays.asList(arguments);
        if (all.contains("--help") || all.contains("-h")) {
            out.println(HELP);
            return OptionalInt.of(0);
        }
        if (all.contains("--version") || all.contains("-V")) {
            String version = CommandLine.class.getPackage().getImplementationVersion();
            out.println("order-app " + (version == null ? "(development)" : version));
            return OptionalInt.of(0);
        }
        List<String> unknown =
                all.stream().filter(argument -> !argument.matches(SETTING)).toList();
        if (unknown.isEmpty()) {
            return OptionalInt.empty();
        }
        err.println("order-app: unknown: " + named(unknown) + ". Settings are --name=value; see --help.");
        return OptionalInt.of(2);
    }

    /** Only the first, if it has a name, and no value: what follows may be the value of a secret. */
    private static String named(List<String> unknown) {
        String first = unknown.get(0);
        if (!first.startsWith("-")) {
            return "an argument without a name";
        }
        String others = unknown.size() == 1 ? "" : " and " + (unknown.size() - 1) + " more";
        return first.split("=", 2)[0] + others;
    }
}
