package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Jvm;

/** The broker's ceiling: RabbitMQ's own load generator with one publisher and the same window. Reads no database. */
final class PerfTest implements Candidate {

    static final String NAME = "rabbitmq-perf-test";

    private final Bed bed;
    private final long messages;
    private final int bytes;

    PerfTest(Bed bed, long messages, int bytes) {
        this.bed = bed;
        this.messages = messages;
        this.bytes = bytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String table() {
        return "";
    }

    @Override
    public void rewind() {
        // It begins anew at every start.
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException("PerfTest has no notion of a commit");
    }

    @Override
    public Launched launch() {
        return Launched.of(Jvm.of(
                        NAME,
                        "com.rabbitmq.perf.PerfTest",
                        "--uri",
                        bed.rabbit().uri("/").toString(),
                        "--producers",
                        "1",
                        "--consumers",
                        "0",
                        "--predeclared",
                        "--type",
                        "topic",
                        "--exchange",
                        Broker.EXCHANGE,
                        "--routing-key",
                        Broker.ROUTING_KEY,
                        "--flag",
                        "persistent",
                        "--flag",
                        "mandatory",
                        "--confirm",
                        Integer.toString(Peers.WINDOW),
                        "--size",
                        Integer.toString(bytes),
                        "--pmessages",
                        Long.toString(messages))
                .start());
    }
}
