package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.BinlogPosition;
import dev.outboxrelay.bench.Jvm;
import dev.outboxrelay.bench.Sql;

/** The ceiling for everything that reads the binlog in Java. */
final class BinlogClient implements Candidate {

    static final String NAME = "binlog-client";

    private final Bed bed;
    private final Sql sql;
    private final BinlogPosition begin;
    private BinlogPosition start;

    /** Every backlog begins at the end of the binlog as it is now. */
    BinlogClient(Bed bed) {
        this.bed = bed;
        this.sql = new Sql(bed.mysql());
        this.begin = sql.position();
        this.start = begin;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String table() {
        return "orders.outbox";
    }

    @Override
    public void rewind() {
        start = begin;
    }

    @Override
    public void resume() {
        start = sql.position();
    }

    @Override
    public Launched launch() {
        return Launched.of(Jvm.of(NAME, "dev.outboxrelay.bench.peer.BinlogClientPeer")
                .env(Peers.environment(bed, table()))
                .env("BENCH_BINLOG_FILE", start.file())
                .env("BENCH_BINLOG_POSITION", start.position())
                .start());
    }
}
