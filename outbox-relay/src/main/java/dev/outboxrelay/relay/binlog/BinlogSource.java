package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.EventSink;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Source;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlConnection;
import io.debezium.connector.mysql.jdbc.MySqlConnectionConfiguration;
import io.debezium.connector.mysql.jdbc.MySqlFieldReaderResolver;
import io.debezium.pipeline.source.spi.ChangeEventSource.ChangeEventSourceContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's MySQL stream. It is driven here without Debezium's engine and without its Kafka Connect task: their
 * snapshots, batches, offset flushes and restarts are what we do otherwise.
 */
final class BinlogSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(BinlogSource.class);

    private final MySqlPartition partition;
    private final CountedOffset begin;
    private final MySqlConnection connection;
    private final OutboxStream stream;
    private final HandOver handOver;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "binlog-source");

    private BinlogSource(Configuration settings, OutboxRows rows, Position from, HandOver handOver, Duration interval) {
        this.handOver = handOver;
        MySqlConnectorConfig config = new MySqlConnectorConfig(settings);
        partition = new MySqlPartition(config.getLogicalName(), null);
        begin = CountedOffset.behind(from, config);
        connection = new MySqlConnection(
                new MySqlConnectionConfiguration(settings), MySqlFieldReaderResolver.resolve(config));
        try {
            requireFullRows(connection);
            stream = new OutboxStream(
                    config, new MySqlTaskContext(settings, config), connection, rows, handOver, interval);
            stream.init(begin);
        } catch (RuntimeException e) {
            closeConnection();
            throw e;
        }
    }

    /** Starts to read; returns before the binlog is connected. */
    static BinlogSource open(
            Map<String, String> settings,
            OutboxRows rows,
            Position from,
            Duration markerInterval,
            EventSink sink,
            SourceFailure failed) {
        try {
            BinlogSource source = new BinlogSource(
                    Configuration.from(settings), rows, from, new HandOver(sink, failed), markerInterval);
            source.thread.setDaemon(true);
            source.thread.start();
            return source;
        } catch (RuntimeException e) {
            throw new SourceException("The binlog could not be opened: " + RootCause.of(e), e);
        }
    }

    private static void requireFullRows(MySqlConnection connection) {
        if (!connection.isBinlogFormatRow()) {
            throw new IllegalStateException("The server's binlog_format is not ROW: set it, in its configuration too");
        }
        if (!connection.isBinlogRowImageFull()) {
            throw new IllegalStateException(
                    "The server's binlog_row_image is not FULL: set it, in its configuration too");
        }
    }

    private void run() {
        try {
            stream.execute(new Running(), partition, begin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            handOver.fail(e);
        } finally {
            stream.close();
            closeConnection();
        }
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("Debezium's connection was not closed cleanly; the server will notice", e);
        }
    }

    @Override
    public boolean isConnected() {
        return stream.getBinaryLogClient().isConnected();
    }

    @Override
    public Duration silence() {
        return handOver.silence();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            thread.interrupt(); // Debezium looks after its connection ten times a second, asleep between
            handOver.end();
        }
    }

    /** Tells Debezium to go on until the source is closed. */
    private final class Running implements ChangeEventSourceContext {

        @Override
        public boolean isRunning() {
            return !closed.get();
        }

        @Override
        public boolean isPaused() {
            return false;
        }

        @Override
        public void resumeStreaming() {
            // It never pauses.
        }

        @Override
        public void waitSnapshotCompletion() {
            // As above.
        }

        @Override
        public void streamingPaused() {
            // As above.
        }

        @Override
        public void waitStreamingPaused() {
            // As above.
        }
    }
}
