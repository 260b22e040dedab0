package dev.outboxrelay.bench.peer;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer.CompatibilityMode;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ceiling: the binlog client that Debezium uses, and nothing between it and the broker but the window of confirms. It
 * stores no position, survives no failure and knows the table's columns by their place.
 */
public final class BinlogClientPeer {

    private final PeerPublisher publisher;
    private final String table;
    private long outbox = -1;

    private BinlogClientPeer(PeerPublisher publisher, String table) {
        this.publisher = publisher;
        this.table = table;
    }

    /** Streams until it is killed. */
    public static void main(String[] args) throws Exception {
        PeerSettings settings = PeerSettings.ofThisProcess();
        BinlogClientPeer peer = new BinlogClientPeer(PeerPublisher.connect(settings), settings.table());
        BinaryLogClient client = new BinaryLogClient(
                settings.mysqlHost(), settings.mysqlPort(), settings.mysqlUser(), settings.mysqlPassword());
        client.setServerId(ThreadLocalRandom.current().nextInt(100_000, Integer.MAX_VALUE));
        client.setSSLMode(SSLMode.PREFERRED);
        client.setKeepAlive(false);
        client.setBinlogFilename(settings.required("BENCH_BINLOG_FILE"));
        client.setBinlogPosition(Long.parseLong(settings.required("BENCH_BINLOG_POSITION")));
        EventDeserializer deserializer = new EventDeserializer();
        deserializer.setCompatibilityMode(
                CompatibilityMode.CHAR_AND_BINARY_AS_BYTE_ARRAY, CompatibilityMode.DATE_AND_TIME_AS_LONG);
        client.setEventDeserializer(deserializer);
        client.registerEventListener(peer::handle);
        client.connect();
    }

    private void handle(Event event) {
        EventData body = event.getData();
        if (body instanceof TableMapEventData map) {
            if (table.equals(map.getDatabase() + "." + map.getTable())) {
                outbox = map.getTableId();
            }
        } else if (body instanceof WriteRowsEventData inserted && inserted.getTableId() == outbox) {
            try {
                for (Serializable[] columns : inserted.getRows()) {
                    publisher.publish(row(columns));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot publish", e);
            }
        }
    }

    private static PeerRow row(Serializable[] columns) {
        return new PeerRow(
                (byte[]) columns[0],
                text(columns[1]),
                text(columns[2]),
                text(columns[3]),
                (byte[]) columns[4],
                columns[6] instanceof Long version ? version : 0,
                Instant.ofEpochMilli((Long) columns[7]));
    }

    private static String text(Serializable column) {
        return new String((byte[]) column, StandardCharsets.UTF_8);
    }
}
