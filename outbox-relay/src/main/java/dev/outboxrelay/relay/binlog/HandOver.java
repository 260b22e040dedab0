package dev.outboxrelay.relay.binlog;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes each record from Debezium's binlog thread the moment it is made, instead of queueing it.
 *
 * <p>{@code ChangeEventQueue.poll} returns once a full batch has come or an interval has passed, so that a queue gives either
 * latency or throughput. A queue that is always empty has neither problem: whoever publishes is the thread that reads, the
 * window of unconfirmed messages is the only buffer, and a full window stops the reading.
 */
final class HandOver implements QueueProvider<DataChangeEvent> {

    /** Receives the records. */
    @FunctionalInterface
    interface RecordSink {
        void accept(SourceRecord sourceRecord) throws InterruptedException;
    }

    private final RecordSink sink;

    HandOver(RecordSink sink) {
        this.sink = sink;
    }

    @Override
    public String name() {
        return "outbox-relay";
    }

    @Override
    public void configure(Map<String, ?> properties) {
        // Everything that matters came through the constructor.
    }

    @Override
    public void enqueue(DataChangeEvent event) throws InterruptedException {
        sink.accept(event.getRecord());
    }

    @Override
    public @Nullable DataChangeEvent poll() {
        return null;
    }

    @Override
    public int size() {
        return 0;
    }
}
