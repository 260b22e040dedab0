package dev.outboxrelay.local.junit;

import dev.outboxrelay.local.LocalServer;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.Scratch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real MySQL for tests, to be registered as a static field. All test classes of a JVM share one; a prefix for schemas
 * and users keeps them apart. A test may kill, stop or freeze it: it runs again before the next test.
 */
public final class MySqlExtension implements BeforeAllCallback, BeforeEachCallback {

    private static final Shared<MySqlServer> SHARED =
            new Shared<>(() -> MySqlServer.start(Scratch.directory().resolve("mysql")));
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    public MySqlServer server() {
        return SHARED.get();
    }

    /** A prefix that no other caller in this JVM gets: {@code t1_}, {@code t2_}, … */
    public String freshPrefix() {
        return "t" + PREFIXES.incrementAndGet() + "_";
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        SHARED.startSoon();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        SHARED.ifStarted(LocalServer::start);
    }
}
