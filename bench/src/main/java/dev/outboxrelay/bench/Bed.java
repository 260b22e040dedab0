package dev.outboxrelay.bench;

import dev.outboxrelay.demo.Home;
import dev.outboxrelay.demo.Pipeline;
import dev.outboxrelay.demo.Scope;
import dev.outboxrelay.demo.Services;
import dev.outboxrelay.local.AtEnd;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.Scratch;
import dev.outboxrelay.local.SmtpSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Servers on fresh data, and the three applications, migrated for but not started. All of it ends with this JVM. */
public record Bed(Home home, Services services, Pipeline pipeline, Path directory) implements AutoCloseable {

    /** Starts the servers; they end with this JVM also if one of them does not start. */
    static Bed open(Words words) {
        Path directory = freshDirectory();
        Home home = Home.find();
        words.say("starting MySQL and RabbitMQ");
        CompletableFuture<MySqlServer> mysql =
                CompletableFuture.supplyAsync(() -> MySqlServer.start(directory.resolve("mysql")));
        CompletableFuture<RabbitMqServer> rabbit =
                CompletableFuture.supplyAsync(() -> RabbitMqServer.start(directory.resolve("rabbitmq")));
        Services services = new Services(mysql.join(), rabbit.join(), SmtpSink.start());
        AtEnd.run(services::close);
        Pipeline pipeline = Pipeline.prepare(home, services, Scope.DEFAULT, directory);
        AtEnd.run(pipeline::close);
        return new Bed(home, services, pipeline, directory);
    }

    /** Nothing that a peer has stored beside other servers, such as its position in their binlog, is found in it. */
    private static Path freshDirectory() {
        try {
            return Files.createTempDirectory(Scratch.directory(), "bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory in " + Scratch.directory(), e);
        }
    }

    public MySqlServer mysql() {
        return services.mysql();
    }

    public RabbitMqServer rabbit() {
        return services.rabbit();
    }

    /** Whether both servers do. */
    public boolean isRunning() {
        return mysql().isRunning() && rabbit().isRunning();
    }

    /** Ends the applications and the servers and deletes their data. */
    @Override
    public void close() {
        pipeline.close();
        services.close();
    }
}
