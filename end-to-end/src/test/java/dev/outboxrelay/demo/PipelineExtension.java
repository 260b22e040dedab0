package dev.outboxrelay.demo;

import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.local.Scratch;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import dev.outboxrelay.local.junit.SmtpExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives tests a pipeline, its applications not started, on servers that all tests share: as a static field one for all tests
 * of the class, as another field a new one for each. The mailbox is empty before each test. After a test that failed it shows
 * what the applications wrote last.
 */
public final class PipelineExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final int SHOWN_LINES = 40;

    private final MySqlExtension mysql = new MySqlExtension();
    private final RabbitMqExtension rabbit = new RabbitMqExtension();
    private final SmtpExtension smtp = new SmtpExtension();
    private @Nullable Pipeline pipeline;
    private boolean forAll;

    public Pipeline pipeline() {
        if (pipeline == null) {
            throw new IllegalStateException("There is a pipeline only within a test");
        }
        return pipeline;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        forAll = true;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        mysql.beforeEach(context);
        rabbit.beforeEach(context);
        smtp.beforeEach(context);
        if (pipeline == null) {
            prepare();
        }
    }

    private void prepare() throws IOException {
        String prefix = mysql.freshPrefix();
        Path logs = Files.createDirectories(Scratch.directory().resolve("logs-" + prefix));
        pipeline = startingFast(Pipeline.prepare(
                Home.find(),
                new Services(mysql.server(), rabbit.server(), smtp.sink()),
                new Scope(new Names(prefix), rabbit.freshVhost()),
                logs));
    }

    /** Short lives: what the second compiler would take from them they never get back. */
    private static Pipeline startingFast(Pipeline pipeline) {
        apps(pipeline).forEach(app -> app.set("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1"));
        return pipeline;
    }

    private static List<App> apps(Pipeline pipeline) {
        return List.of(pipeline.orderApp(), pipeline.outboxRelay(), pipeline.mailWorker());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        context.getExecutionException().ifPresent(failed -> apps(pipeline()).forEach(app -> show(app.log())));
        if (!forAll) {
            end();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    private void end() {
        if (pipeline == null) {
            return;
        }
        apps(pipeline).forEach(App::kill);
        if (pipeline.services().rabbit().isRunning()) {
            pipeline.services().rabbit().deleteVhost(pipeline.scope().vhost());
        }
        pipeline = null;
    }

    private static void show(Path log) {
        try {
            String[] lines = Files.exists(log) ? Files.readString(log).split("\n") : new String[0];
            System.err.println("--- the end of " + log.getFileName());
            for (int i = Math.max(0, lines.length - SHOWN_LINES); i < lines.length; i++) {
                System.err.println(lines[i]);
            }
        } catch (IOException e) {
            System.err.println("Cannot read " + log + ": " + e);
        }
    }
}
