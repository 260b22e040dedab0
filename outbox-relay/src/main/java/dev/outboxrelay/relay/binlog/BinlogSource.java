package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.EventSink;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RootCause;
import dev.outboxrelay.relay.Source;
import dev.outboxrelay.relay.SourceEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of Debezium's MySQL task. It is driven here as Kafka Connect would, without Debezium's engine: that engine's
 * batches, offset flushes and restarts are what we do otherwise.
 */
final class BinlogSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(BinlogSource.class);

    private final OutboxTask task;
    private final ObjectName metrics;
    private final SourceFailure failed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread watch = new Thread(this::watch, "binlog-watch");
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean handingOver;

    private BinlogSource(RecordMapper mapper, EventSink sink, SourceFailure failed, String prefix) {
        this.failed = failed;
        task = new OutboxTask(new HandOver(sourceRecord -> handOver(sourceRecord, mapper, sink)));
        try {
            metrics = new ObjectName("debezium.mysql:type=connector-metrics,context=streaming,server=" + prefix);
        } catch (JMException e) {
            throw new IllegalArgumentException("Not usable in a JMX name: " + prefix, e);
        }
    }

    /** Starts the task; returns once it has begun to connect to the binlog. */
    static BinlogSource open(
            Map<String, String> settings, RecordMapper mapper, Position from, EventSink sink, SourceFailure failed) {
        String prefix = String.valueOf(settings.get("topic.prefix"));
        BinlogSource source = new BinlogSource(mapper, sink, failed, prefix);
        source.task.initialize(new StoredPosition(settings, from));
        try {
            source.task.start(settings);
        } catch (RuntimeException e) {
            source.close();
            throw new SourceException("The binlog could not be opened: " + RootCause.of(e), e);
        }
        source.watch.setDaemon(true);
        source.watch.start();
        return source;
    }

    private void handOver(SourceRecord sourceRecord, RecordMapper mapper, EventSink sink) throws InterruptedException {
        if (closed.get()) {
            throw new InterruptedException("The source is closed");
        }
        handingOver = true;
        try {
            SourceEvent event = mapper.map(sourceRecord);
            sink.accept(event instanceof SourceEvent.Marker marker ? timed(marker) : event);
        } finally {
            lastHeard = System.nanoTime();
            handingOver = false;
        }
    }

    /** Debezium gives a marker the time of the last row of ours, which may be hours old; what was read last is what it marks. */
    private SourceEvent.Marker timed(SourceEvent.Marker marker) {
        return attribute("MilliSecondsBehindSource") instanceof Long behind && behind >= 0
                ? new SourceEvent.Marker(
                        marker.position().withTime(Instant.now().minusMillis(behind)))
                : marker;
    }

    /** The queue behind poll() is always empty: what poll() is for here is the error that it throws. */
    private void watch() {
        try {
            while (!closed.get()) {
                task.poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed.get()) {
                failed.failed(e);
            }
        }
    }

    @Override
    public boolean isConnected() {
        return Boolean.TRUE.equals(attribute("Connected"));
    }

    private @Nullable Object attribute(String name) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return beans.isRegistered(metrics) ? beans.getAttribute(metrics, name) : null;
        } catch (JMException e) {
            log.debug("The binlog client's {} could not be read", name, e);
            return null;
        }
    }

    @Override
    public Duration silence() {
        return handingOver ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watch.interrupt();
        try {
            task.stop();
        } catch (RuntimeException e) {
            log.warn("Debezium's task did not stop cleanly; a new run uses a new one", e);
        }
    }
}
