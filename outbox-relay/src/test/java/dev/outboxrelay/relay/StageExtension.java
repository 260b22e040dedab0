package dev.outboxrelay.relay;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.junit.MySqlExtension;
import dev.outboxrelay.local.junit.RabbitMqExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives each test a {@link Stage} of its own on the servers that all tests share. */
final class StageExtension implements BeforeEachCallback, AfterEachCallback {

    private final MySqlExtension mysql = new MySqlExtension();
    private final RabbitMqExtension rabbit = new RabbitMqExtension();
    private @Nullable Stage stage;

    MySqlServer mysql() {
        return mysql.server();
    }

    RabbitMqServer rabbit() {
        return rabbit.server();
    }

    Stage stage() {
        Stage set = stage;
        if (set == null) {
            throw new IllegalStateException("No test is running");
        }
        return set;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        mysql.beforeEach(context);
        rabbit.beforeEach(context);
        stage = new Stage(mysql.server(), rabbit.server(), mysql.freshPrefix(), rabbit.freshVhost());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (stage != null) {
            stage.close();
        }
    }
}
