package dev.outboxrelay.bench;

import java.nio.file.Path;

/** Where the bench keeps what it has downloaded, for its next run. */
public final class Cache {

    private Cache() {}

    /** As the XDG base directory specification has it; it may not exist yet. */
    public static Path directory() {
        String named = System.getenv("XDG_CACHE_HOME");
        Path base = named != null && named.startsWith("/")
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("outbox-relay");
    }
}
