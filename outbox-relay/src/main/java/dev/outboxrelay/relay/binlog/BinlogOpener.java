package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.EventSink;
import dev.outboxrelay.relay.MySqlSettings;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RowMapper;
import dev.outboxrelay.relay.Source;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Opens the binlog of one server for the outbox tables.
 *
 * @param jdbc the same server, to ask it for the tables' columns
 * @param tables {@code schema.table} or regular expressions over that
 * @param heartbeat how often a position arrives where no row does
 */
public record BinlogOpener(
        MySqlSettings mysql, JdbcClient jdbc, List<String> tables, RowMapper rows, Duration heartbeat)
        implements Source.Opener {

    @Override
    public Source open(Position from, EventSink sink, Source.SourceFailure failed) {
        return BinlogSource.open(
                ConnectorSettings.of(mysql, tables), new OutboxRows(jdbc, tables, rows), from, heartbeat, sink, failed);
    }
}
