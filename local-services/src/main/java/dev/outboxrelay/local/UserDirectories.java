package dev.outboxrelay.local;

import java.nio.file.Path;

/** Where the XDG base directory specification wants a program's files. */
final class UserDirectories {

    private static final String OURS = "outbox-relay";

    private UserDirectories() {}

    /** What can be made again: unpacked servers, templates. */
    static Path cache() {
        return base("XDG_CACHE_HOME", ".cache");
    }

    /** What belongs to running servers. */
    static Path state() {
        String named = System.getenv("OUTBOX_SERVICES_STATE");
        return named != null && !named.isBlank()
                ? Path.of(named).toAbsolutePath()
                : base("XDG_STATE_HOME", ".local/state");
    }

    private static Path base(String variable, String underHome) {
        String named = System.getenv(variable);
        Path base = named != null && named.startsWith("/")
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), underHome);
        return base.resolve(OURS).toAbsolutePath();
    }
}
