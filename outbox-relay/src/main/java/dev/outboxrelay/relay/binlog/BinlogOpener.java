package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.EventSink;
import dev.outboxrelay.relay.MySqlSettings;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RowMapper;
import dev.outboxrelay.relay.Source;
import java.time.Duration;
import java.util.List;

/**
 * Opens the binlog of one server for the outbox tables.
 *
 * @param tables {@code schema.table} or regular expressions over that
 * @param heartbeat how often a position arrives where no row does
 */
public record BinlogOpener(MySqlSettings mysql, List<String> tables, RowMapper rows, Duration heartbeat)
        implements Source.Opener {

    @Override
    public Source open(Position from, EventSink sink, Source.SourceFailure failed) {
        return BinlogSource.open(
                ConnectorSettings.of(mysql, tables, heartbeat), new RecordMapper(rows), from, sink, failed);
    }
}
