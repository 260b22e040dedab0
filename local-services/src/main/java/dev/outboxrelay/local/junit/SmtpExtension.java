package dev.outboxrelay.local.junit;

import dev.outboxrelay.local.SmtpSink;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A mail server for tests, to be registered as a static field. All test classes of a JVM share one; before each test it
 * listens, its mailbox is empty and it accepts everything.
 */
public final class SmtpExtension implements BeforeEachCallback {

    private static final Shared<SmtpSink> SHARED = new Shared<>(SmtpSink::start);

    public SmtpSink sink() {
        return SHARED.get();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        SHARED.ifStarted(sink -> {
            sink.clear();
            sink.listen();
        });
    }
}
