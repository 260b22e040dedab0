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
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test a pipeline of its own, its applications not started, on servers that all tests share. After a test that
 * failed it shows what the applications wrote last.
 */
final class PipelineExtension implements BeforeEachCallback, AfterEachCallback {

    private static final int SHOWN_LINES = 40;

    private final MySqlExtension mysql = new MySqlExtension();
    private final RabbitMqExtension rabbit = new RabbitMqExtension();
    private final SmtpExtension smtp = new SmtpExtension();
    private @Nullable Pipeline pipeline;

    Pipeline pipeline() {
        if (pipeline == null) {
            throw new IllegalStateException("There is a pipeline only within a test");
        }
        return pipeline;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        mysql.beforeEach(context);
        rabbit.beforeEach(context);
        smtp.beforeEach(context);
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
        Pipeline used = pipeline();
        for (App app : apps(used)) {
            app.kill();
            context.getExecutionException().ifPresent(failed -> show(app.log()));
        }
        if (used.services().rabbit().isRunning()) {
            used.services().rabbit().deleteVhost(used.scope().vhost());
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
