package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Jvm;
import dev.outboxrelay.bench.Sql;

/** A poller on a status column: 500 rows at a time, 100 ms of sleep where there are fewer. Its table is its own. */
final class Poller implements Candidate {

    static final String NAME = "status-poller";

    private static final String TABLE = "polled.outbox";
    private static final String NOT_IN_THE_BINLOG = "SET SESSION sql_log_bin = 0";

    private final Bed bed;
    private final Sql sql;

    /** Makes its table, a copy of the outbox's with a status. */
    Poller(Bed bed) {
        this.bed = bed;
        this.sql = new Sql(bed.mysql());
        sql.run(
                "CREATE SCHEMA polled",
                "CREATE TABLE " + TABLE + " LIKE orders.outbox",
                "ALTER TABLE " + TABLE + " ADD COLUMN status VARCHAR(8) NOT NULL DEFAULT 'NEW',"
                        + " ADD KEY by_status (status, created_at)");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String table() {
        return TABLE;
    }

    @Override
    public void rewind() {
        sql.run(
                NOT_IN_THE_BINLOG,
                "TRUNCATE TABLE " + TABLE,
                "INSERT INTO " + TABLE + " SELECT o.*, 'NEW' FROM orders.outbox o");
    }

    @Override
    public void resume() {
        sql.run(NOT_IN_THE_BINLOG, "TRUNCATE TABLE " + TABLE);
    }

    @Override
    public Launched launch() {
        return Launched.of(Jvm.of(NAME, "dev.outboxrelay.bench.peer.PollerPeer")
                .env(Peers.environment(bed, TABLE))
                .env("BENCH_BATCH", 500)
                .env("BENCH_PAUSE_MILLIS", 100)
                .start());
    }
}
