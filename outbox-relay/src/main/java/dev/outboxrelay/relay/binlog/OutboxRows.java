package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer.CompatibilityMode;
import com.github.shyiko.mysql.binlog.event.deserialization.GtidEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.NullEventDataDeserializer;
import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.OutboxTable;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RowMapper;
import dev.outboxrelay.relay.SourceEvent;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes messages of row images, by the outbox tables as they are now. */
public final class OutboxRows {

    private final Map<String, List<BinlogColumn>> columns = new HashMap<>();
    private final Map<Long, TableMapEventData> maps = new HashMap<>();
    private final RowMapper mapper;

    /**
     * Reads the tables' columns.
     *
     * @throws org.springframework.dao.DataAccessException when the database can't be reached
     */
    public OutboxRows(JdbcClient jdbc, List<OutboxTable> tables, RowMapper mapper) {
        this.mapper = mapper;
        tables.forEach(table -> columns.put(table.toString(), BinlogColumn.of(jdbc, table)));
    }

    /** Decodes what {@link BinlogColumn} understands, and does not lose time with what nobody looks at. */
    static EventDeserializer deserializer() {
        EventDeserializer deserializer = new EventDeserializer();
        deserializer.setCompatibilityMode(
                CompatibilityMode.DATE_AND_TIME_AS_LONG_MICRO, CompatibilityMode.CHAR_AND_BINARY_AS_BYTE_ARRAY);
        deserializer.setEventDataDeserializer(EventType.ANONYMOUS_GTID, new GtidEventDataDeserializer());
        for (EventType ignored : List.of(
                EventType.UPDATE_ROWS,
                EventType.EXT_UPDATE_ROWS,
                EventType.DELETE_ROWS,
                EventType.EXT_DELETE_ROWS,
                EventType.ROWS_QUERY)) {
            deserializer.setEventDataDeserializer(ignored, new NullEventDataDeserializer());
        }
        return deserializer;
    }

    /** The table that a number stands for, until the next one of that number. */
    void remember(TableMapEventData table) {
        maps.put(table.getTableId(), table);
    }

    /** Null for a table that is no outbox. */
    @Nullable Decoder decoder(long tableId) {
        TableMapEventData map = maps.get(tableId);
        if (map == null) {
            return null;
        }
        String table = map.getDatabase() + "." + map.getTable();
        List<BinlogColumn> known = columns.get(table);
        return known == null ? null : new Decoder(table, known, mapper);
    }

    /** Decodes the rows of one table. */
    record Decoder(String table, List<BinlogColumn> columns, RowMapper mapper) {

        SourceEvent decode(Serializable[] image, Position behind, Instant committedAt) throws IOException {
            if (image.length > columns.size()) {
                throw new IOException("table %s has lost columns since: it had %d, now %d"
                        .formatted(table, image.length, columns.size()));
            }
            Map<String, Object> values = new HashMap<>();
            for (int i = 0; i < image.length; i++) {
                Serializable value = image[i];
                if (value != null) {
                    values.put(columns.get(i).name(), columns.get(i).decode(value));
                }
            }
            try {
                OutboxMessage message = mapper.map(table, values::get);
                return new SourceEvent.Row(message, behind, ChronoUnit.MICROS.between(Instant.EPOCH, committedAt));
            } catch (RowMapper.UnmappableException e) {
                return new SourceEvent.Poison(mapper.poison(table, values::get, e), behind);
            }
        }
    }
}
