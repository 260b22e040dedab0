package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import dev.outboxrelay.relay.SourceEvent;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.spi.ChangeRecordEmitter;
import io.debezium.pipeline.spi.OffsetContext;
import io.debezium.relational.TableId;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Debezium's stream calls for each row that is to be captured, with the position that it has counted. Debezium's own
 * dispatcher would make a record of it here; this one takes the row image and hands over a message.
 */
final class RowDispatcher extends EventDispatcher<MySqlPartition, TableId> {

    private final OutboxTables tables;
    private final OutboxRows rows;
    private final HandOver handOver;
    private OutboxRows.@Nullable Decoder decoder;
    private List<Serializable[]> images = List.of();
    private Instant committedAt = Instant.EPOCH;

    RowDispatcher(MySqlConnectorConfig config, MySqlTaskContext context, OutboxRows rows, HandOver handOver) {
        this(config, new OutboxTables(config, context, rows), rows, handOver);
    }

    @SuppressWarnings("NullAway") // what belongs to records, heartbeats, signals and transaction topics is not used
    private RowDispatcher(MySqlConnectorConfig config, OutboxTables tables, OutboxRows rows, HandOver handOver) {
        super(
                config,
                null,
                tables,
                null,
                table -> true,
                DataChangeEvent::new,
                null,
                null,
                config.schemaNameAdjuster(),
                null,
                null,
                null);
        this.tables = tables;
        this.rows = rows;
        this.handOver = handOver;
    }

    OutboxTables tables() {
        return tables;
    }

    /** Says whose rows will be dispatched next. */
    void expect(WriteRowsEventData inserted, Instant committed) {
        decoder = rows.decoder(inserted.getTableId());
        images = decoder == null ? List.of() : new ArrayList<>(inserted.getRows());
        committedAt = committed;
    }

    /** Debezium counts a row as read before it dispatches it, so that the count is one more than the row's index. */
    @Override
    public boolean dispatchDataChangeEvent(
            MySqlPartition partition, TableId table, ChangeRecordEmitter<MySqlPartition> emitter)
            throws InterruptedException {
        CountedOffset offset = (CountedOffset) emitter.getOffset();
        if (decoder == null) {
            throw new IllegalStateException("Rows of " + table + " come without a description of the table");
        }
        SourceEvent event =
                decoder.decode(images.get(offset.rowsToSkipUponRestart() - 1), offset.position(), committedAt);
        handOver.event(event);
        return true;
    }

    @Override
    public void dispatchFilteredEvent(MySqlPartition partition, OffsetContext offset) {
        // Rows of other tables are of no interest.
    }

    @Override
    @SuppressWarnings("deprecation") // it is what the stream calls
    public void dispatchHeartbeatEvent(MySqlPartition partition, OffsetContext offset) {
        // OutboxStream hands over positions, behind transactions.
    }

    @Override
    public void dispatchServerHeartbeatEvent(MySqlPartition partition, OffsetContext offset) {
        // As above.
    }

    @Override
    public void dispatchTransactionStartedEvent(
            MySqlPartition partition, @Nullable String transactionId, OffsetContext offset, Instant timestamp) {
        // Nobody listens to transactions.
    }

    @Override
    public void dispatchTransactionCommittedEvent(MySqlPartition partition, OffsetContext offset, Instant timestamp) {
        // As above.
    }
}
