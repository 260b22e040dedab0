package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Sql;
import dev.outboxrelay.bench.Wait;
import dev.outboxrelay.demo.App;
import java.time.Duration;

/** Ours, with its defaults, as its least-privilege user. */
final class OutboxRelay implements Candidate {

    static final String NAME = "outbox-relay";

    private static final String OFFSET = "relay.relay_offset";
    private static final Duration FIRST_POSITION_WITHIN = Duration.ofSeconds(30);
    private static final Duration FIRST_POSITION_EVERY = Duration.ofMillis(50);

    private final App app;
    private final Sql sql;
    private String begin = "";
    private String serverUuid = "";

    OutboxRelay(Bed bed) {
        this.app = bed.pipeline().outboxRelay();
        this.sql = new Sql(bed.mysql());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String table() {
        return "orders.outbox";
    }

    /**
     * Starts it for the first time, if it has no position yet, and ends it; the position that it has stored is where every
     * backlog will begin.
     */
    void prime() {
        if (sql.read("SELECT COUNT(*) FROM " + OFFSET).equals("0")) {
            app.start();
            // Ended before that, it would begin with the rows in the table, and not with the binlog, each time.
            if (!Wait.upTo(FIRST_POSITION_WITHIN, FIRST_POSITION_EVERY, this::hasBegunToStream)) {
                throw new IllegalStateException("The relay did not store where the binlog begins. See " + app.log());
            }
            app.stop();
        }
        begin = sql.read("SELECT `offset` FROM " + OFFSET);
        serverUuid = sql.read("SELECT server_uuid FROM " + OFFSET);
    }

    private boolean hasBegunToStream() {
        return sql.read("SELECT COUNT(*) FROM %s WHERE NOT JSON_CONTAINS_PATH(`offset`, 'one', '$.snapshot_pending')"
                        .formatted(OFFSET))
                .equals("1");
    }

    @Override
    public void rewind() {
        sql.run(
                "UPDATE %s SET `offset` = '%s', server_uuid = '%s'".formatted(OFFSET, begin, serverUuid),
                "UPDATE relay.relay_lease SET expires_at = NOW(6)");
    }

    @Override
    public void resume() {
        // It keeps its position.
    }

    /** The process, to be set up otherwise than by default. */
    App app() {
        return app;
    }

    @Override
    public Launched launch() {
        app.launch();
        return new Launched(app.pid(), app::isRunning, app.log(), app::stop);
    }
}
