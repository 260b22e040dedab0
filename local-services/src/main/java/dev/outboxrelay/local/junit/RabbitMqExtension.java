package dev.outboxrelay.local.junit;

import dev.outboxrelay.local.LocalServer;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.Scratch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real RabbitMQ for tests, to be registered as a static field. All test classes of a JVM share one; virtual hosts keep
 * them apart. A test may kill, stop or freeze it: it runs again before the next test.
 */
public final class RabbitMqExtension implements BeforeAllCallback, BeforeEachCallback {

    private static final Shared<RabbitMqServer> SHARED =
            new Shared<>(() -> RabbitMqServer.start(Scratch.directory().resolve("rabbitmq")));
    private static final AtomicInteger VHOSTS = new AtomicInteger();

    public RabbitMqServer server() {
        return SHARED.get();
    }

    /** Makes an empty virtual host that no other caller in this JVM gets, and returns its name. */
    public String freshVhost() {
        String name = "t" + VHOSTS.incrementAndGet();
        server().createVhost(name);
        return name;
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
