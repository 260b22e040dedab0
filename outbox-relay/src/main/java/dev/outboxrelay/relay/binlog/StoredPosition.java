package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.Position;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Tells a task where to begin. What it reads from then on is ours to store, see {@link dev.outboxrelay.relay.Relay}. */
record StoredPosition(Map<String, String> configs, Position position)
        implements SourceTaskContext, OffsetStorageReader {

    @Override
    public OffsetStorageReader offsetStorageReader() {
        return this;
    }

    @Override
    public PluginMetrics pluginMetrics() {
        throw new IllegalStateException("Debezium's MySQL task was not expected to ask for Kafka's metrics");
    }

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
        return new HashMap<>(position.offset());
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, offset(partition)));
        return offsets;
    }
}
