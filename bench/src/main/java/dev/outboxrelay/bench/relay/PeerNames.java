package dev.outboxrelay.bench.relay;

import java.util.List;

/** What can be measured beside outbox-relay. */
public final class PeerNames {

    /** In the order in which they run. */
    public static final List<String> ALL =
            List.of(DebeziumServer.NAME, DebeziumServer.TUNED, Poller.NAME, BinlogClient.NAME, PerfTest.NAME);

    private PeerNames() {}
}
