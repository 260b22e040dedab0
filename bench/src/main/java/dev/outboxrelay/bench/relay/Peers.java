package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import java.util.Map;

/** What our own peers are told. */
final class Peers {

    /** As outbox-relay's default, and PerfTest's here. */
    static final int WINDOW = 1_000;

    private Peers() {}

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
