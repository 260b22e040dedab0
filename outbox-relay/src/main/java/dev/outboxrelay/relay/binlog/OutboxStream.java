package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import dev.outboxrelay.relay.SourceEvent;
import io.debezium.connector.binlog.BinlogEventMetadataProvider;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.util.Clock;
import java.io.EOFException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Debezium's stream of the binlog: it connects, finds the place by GTIDs, counts events and rows, skips what came before. Only
 * what Debezium would do with a row (schema history, records, envelopes, metrics) is left out: {@link RowDispatcher} makes the
 * message of the row image itself.
 */
final class OutboxStream extends MySqlStreamingChangeEventSource {

    /** Behind these, and outside a transaction, the position is one where reading can begin. */
    private static final Set<EventType> ENDS = EnumSet.of(
            EventType.XID, EventType.XA_PREPARE, EventType.QUERY, EventType.ROTATE, EventType.TRANSACTION_PAYLOAD);

    private final OutboxRows rows;
    private final RowDispatcher dispatcher;
    private final HandOver handOver;
    private final long markerInterval;
    private long markedAt = System.nanoTime();

    OutboxStream(
            MySqlConnectorConfig config,
            MySqlTaskContext context,
            MySqlConnection connection,
            OutboxRows rows,
            HandOver handOver,
            Duration markerInterval) {
        this(
                config,
                context,
                connection,
                new RowDispatcher(config, context, rows, handOver),
                new BinlogClient(config.getHostName(), config.getPort(), config.getUserName(), config.getPassword()),
                handOver.errors(config),
                rows,
                handOver,
                markerInterval);
    }

    @SuppressWarnings("NullAway") // Debezium has no use for the snapshotter where it only streams
    private OutboxStream(
            MySqlConnectorConfig config,
            MySqlTaskContext context,
            MySqlConnection connection,
            RowDispatcher dispatcher,
            BinaryLogClient client,
            ErrorHandler errors,
            OutboxRows rows,
            HandOver handOver,
            Duration markerInterval) {
        super(
                config,
                connection,
                dispatcher,
                errors,
                Clock.system(),
                context,
                dispatcher.tables(),
                new MySqlStreamingChangeEventSourceMetrics(
                        context, null, new BinlogEventMetadataProvider(), Set::of, client),
                null,
                client);
        this.rows = rows;
        this.dispatcher = dispatcher;
        this.handOver = handOver;
        this.markerInterval = markerInterval.toNanos();
        client.setEventDeserializer(rows.deserializer());
        client.registerLifecycleListener(new BinaryLogClient.AbstractLifecycleListener() {
            /** A connection that the other side has closed is no failure to the client, and Debezium waits on. */
            @Override
            public void onDisconnect(BinaryLogClient ended) {
                handOver.fail(new EOFException("The server has closed it"));
            }
        });
    }

    /** Lets go of what Debezium has registered for this stream. */
    @Override
    public void close() {
        dispatcher.tables().close();
    }

    @Override
    protected void handleUpdateTableMetadata(MySqlPartition partition, MySqlOffsetContext offset, Event event)
            throws InterruptedException {
        rows.remember((TableMapEventData) unwrapData(event));
        super.handleUpdateTableMetadata(partition, offset, event);
    }

    @Override
    protected void handleInsert(MySqlPartition partition, MySqlOffsetContext offset, Event event)
            throws InterruptedException {
        dispatcher.expect((WriteRowsEventData) unwrapData(event), eventTimestamp);
        super.handleInsert(partition, offset, event);
    }

    @Override
    protected void handleEvent(
            MySqlPartition partition, MySqlOffsetContext offset, ChangeEventSourceContext context, Event event) {
        super.handleEvent(partition, offset, context, event);
        handOver.heard();
        EventType type = event.getHeader().getEventType();
        if (type == EventType.HEARTBEAT) {
            mark(offset, Instant.now()); // nothing is left to read
        } else if (ENDS.contains(type) && System.nanoTime() - markedAt > markerInterval) {
            mark(offset, Instant.ofEpochMilli(event.getHeader().getTimestamp()));
        }
    }

    /** Hands over a position, where it is one behind a transaction. */
    private void mark(MySqlOffsetContext offset, Instant time) {
        if (offset.getTransactionId() == null && time.toEpochMilli() > 0) {
            markedAt = System.nanoTime();
            handOver.mark(
                    new SourceEvent.Marker(((CountedOffset) offset).position().withTime(time)));
        }
    }
}
