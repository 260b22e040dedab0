package dev.outboxrelay.relay;

import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.relational.history.MemorySchemaHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;

/** A Debezium engine as people embed it, with its file of offsets; what it hands over counts as published. */
final class StockEngine implements AutoCloseable {

    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final List<String> published = new CopyOnWriteArrayList<>();

    StockEngine(Stage stage, String snapshotMode, Path offsets) {
        MySqlSettings mysql = stage.settings().mysql();
        Properties properties = new Properties();
        properties.setProperty("name", "old-engine");
        properties.setProperty("connector.class", MySqlConnector.class.getName());
        properties.setProperty("topic.prefix", "old");
        properties.setProperty("database.hostname", mysql.host());
        properties.setProperty("database.port", Integer.toString(mysql.port()));
        properties.setProperty("database.user", mysql.username());
        properties.setProperty("database.password", String.valueOf(mysql.password()));
        properties.setProperty("database.server.id", "5402");
        properties.setProperty(
                "table.include.list", stage.settings().relay().tables().get(0));
        properties.setProperty("snapshot.mode", snapshotMode);
        properties.setProperty("snapshot.locking.mode", "none");
        properties.setProperty("schema.history.internal", MemorySchemaHistory.class.getName());
        properties.setProperty("offset.storage", FileOffsetBackingStore.class.getName());
        properties.setProperty("offset.storage.file.filename", offsets.toString());
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty("max.batch.size", "16");
        properties.setProperty("poll.interval.ms", "20");
        engine = DebeziumEngine.create(Connect.class)
                .using(properties)
                .notifying((events, committer) -> {
                    for (ChangeEvent<SourceRecord, SourceRecord> event : events) {
                        publish(event.value());
                        committer.markProcessed(event);
                    }
                    committer.markBatchFinished();
                })
                .build();
        thread.execute(engine);
    }

    private void publish(SourceRecord record) {
        if (record.value() instanceof Struct value
                && value.schema().field("after") != null
                && value.getStruct("after") != null) {
            ByteBuffer id = (ByteBuffer) value.getStruct("after").get("id");
            byte[] bytes = new byte[16];
            id.duplicate().get(bytes, 0, id.remaining());
            ByteBuffer padded = ByteBuffer.wrap(bytes);
            published.add(new UUID(padded.getLong(), padded.getLong()).toString());
        }
    }

    /** Ids of the events, in the order in which they came. */
    List<String> published() {
        return published;
    }

    @Override
    public void close() throws IOException {
        engine.close();
        thread.shutdown();
        try {
            thread.awaitTermination(Stage.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
