package dev.outboxrelay.relay.cli.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The servers' releases. */
final class Versions {

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    private Versions() {}

    static Outcome mysql(String version) {
        if (version.contains("MariaDB")) {
            return Outcome.failed(
                    "MariaDB " + version + ": its binlog and its GTIDs are others", "Use MySQL 8.0 or later");
        }
        return atLeast(version, 8, 0)
                ? Outcome.ok("MySQL " + version)
                : Outcome.failed("MySQL " + version, "Use MySQL 8.0 or later");
    }

    static Outcome rabbit(String product, String version) {
        return atLeast(version, 3, 10)
                ? Outcome.ok(product + " " + version)
                : Outcome.failed(product + " " + version, "Use RabbitMQ 3.10 or later");
    }

    private static boolean atLeast(String version, int major, int minor) {
        Matcher release = RELEASE.matcher(version);
        if (!release.matches()) {
            return false;
        }
        int theirs = Integer.parseInt(release.group(1));
        return theirs > major || (theirs == major && Integer.parseInt(release.group(2)) >= minor);
    }
}
