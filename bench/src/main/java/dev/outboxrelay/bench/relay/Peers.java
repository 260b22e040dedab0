package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.local.ChildProcess;
import java.util.Map;

/** How our own peers are started: the class path of the bench, a JVM with the same collector as the relay's. */
final class Peers {

    /** As outbox-relay's default, and PerfTest's here. */
    static final int WINDOW = 1_000;

    private Peers() {}

    static ChildProcess.Builder java(String name, String mainClass, String... arguments) {
        return ChildProcess.java(name, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), mainClass)
                .args(arguments);
    }

    /** Where the servers are, and how to log in. */
    static Map<String, String> environment(Bed bed, String table) {
        return Map.of(
                "BENCH_MYSQL_HOST", bed.mysql().host(),
                "BENCH_MYSQL_PORT", Integer.toString(bed.mysql().port()),
                "BENCH_MYSQL_USER", "root",
                "BENCH_MYSQL_PASSWORD", bed.mysql().rootPassword(),
                "BENCH_AMQP_URI", bed.rabbit().uri("/").toString(),
                "BENCH_EXCHANGE", Broker.EXCHANGE,
                "BENCH_TABLE", table,
                "BENCH_WINDOW", Integer.toString(WINDOW));
    }
}
