package dev.outboxrelay.demo;

import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.SmtpSink;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The servers that a pipeline runs on. */
public record Services(MySqlServer mysql, RabbitMqServer rabbit, SmtpSink sink) implements AutoCloseable {

    /**
     * Starts all three, on fresh data in directories under that one. They die with this JVM, also those that run already
     * when another can't be started and this throws.
     */
    public static Services start(Path directory) {
        CompletableFuture<MySqlServer> mysql =
                CompletableFuture.supplyAsync(() -> MySqlServer.start(directory.resolve("mysql")));
        CompletableFuture<RabbitMqServer> rabbit =
                CompletableFuture.supplyAsync(() -> RabbitMqServer.start(directory.resolve("rabbitmq")));
        return new Services(mysql.join(), rabbit.join(), SmtpSink.start());
    }

    /** Ends them and deletes their data. */
    @Override
    public void close() {
        sink.close();
        rabbit.close();
        mysql.close();
    }
}
