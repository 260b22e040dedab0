package dev.outboxrelay.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Starts servers that should die with this JVM, says their process ids, and waits to be killed. */
final class LeavesServersBehind {

    private LeavesServersBehind() {}

    public static void main(String[] arguments) throws InterruptedException {
        MySqlServer mysql = MySqlServer.start(Path.of(arguments[0]).resolve("mysql"));
        RabbitMqServer rabbitmq = RabbitMqServer.start(Path.of(arguments[0]).resolve("rabbitmq"));
        long epmd = ServerFile.in(Scratch.directory().resolve("epmd"))
                .process()
                .orElseThrow()
                .pid();
        System.out.println("pids " + mysql.pid() + " " + rabbitmq.pid() + " " + epmd);
        new CountDownLatch(1).await();
    }
}
