package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.Position;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.SourceInfo;
import io.debezium.pipeline.source.snapshot.incremental.SignalBasedIncrementalSnapshotContext;
import io.debezium.pipeline.txmetadata.TransactionContext;
import java.util.Map;

/**
 * Where Debezium counts along the binlog. For each event of each transaction it asks for the offset, to have it at hand for a line
 * of its log; made of maps each time, that costs more than all else that a foreign transaction costs. So the offset is made only
 * when {@link #position} is asked for.
 */
final class CountedOffset extends MySqlOffsetContext {

    private CountedOffset(MySqlConnectorConfig config) {
        super(
                null,
                false,
                new TransactionContext(),
                new SignalBasedIncrementalSnapshotContext<>(),
                new SourceInfo(config));
    }

    /** Begins behind a position, as Debezium does with a stored offset. */
    static CountedOffset behind(Position position, MySqlConnectorConfig config) {
        MySqlOffsetContext stored = new Loader(config).load(position.offset());
        CountedOffset offset = new CountedOffset(config);
        offset.setBinlogStartPoint(position.file(), position.pos());
        offset.setInitialSkips(stored.eventsToSkipUponRestart(), stored.rowsToSkipUponRestart());
        offset.setCompletedGtidSet(position.gtids());
        return offset;
    }

    @Override
    public Map<String, ?> getOffset() {
        return Map.of();
    }

    Position position() {
        return new Position(super.getOffset());
    }
}
