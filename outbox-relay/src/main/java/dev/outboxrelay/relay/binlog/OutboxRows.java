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
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes messages of row images, by the outbox tables as they are now. For one thread.
 *
 * <p>An image does not say what its columns are called. Columns may be appended while images are read: those of before have no
 * value in them. Any other change of columns must wait until the relay has read all rows from before it.
 */
public final class OutboxRows {

    private final JdbcClient jdbc;
    private final List<String> names;
    private final Predicate<String> isOutbox;
    private final RowMapper mapper;
    private final Map<String, List<BinlogColumn>> columns = new HashMap<>();
    private final Map<Long, TableMapEventData> maps = new HashMap<>();
    private final Map<Long, Decoder> decoders = new HashMap<>();

    /**
     * Reads the tables' columns.
     *
     * @param names {@code schema.table} or regular expressions over that
     * @throws org.springframework.dao.DataAccessException when the database can't be reached
     * @throws OutboxTable.UnfitException when a table is not there
     */
    public OutboxRows(JdbcClient jdbc, List<String> names, RowMapper mapper) {
        this.jdbc = jdbc;
        this.names = names;
        this.mapper = mapper;
        isOutbox = OutboxTable.named(names);
        readColumns();
    }

    private void readColumns() {
        OutboxTable.find(jdbc, names, Set.of())
                .forEach(table -> columns.put(table.toString(), BinlogColumn.of(jdbc, table)));
    }

    /** Decodes what {@link BinlogColumn} understands, and does not lose time with what nobody looks at. */
    EventDeserializer deserializer() {
        EventDeserializer deserializer = new EventDeserializer();
        deserializer.setCompatibilityMode(
                CompatibilityMode.DATE_AND_TIME_AS_LONG_MICRO, CompatibilityMode.CHAR_AND_BINARY_AS_BYTE_ARRAY);
        deserializer.setEventDataDeserializer(EventType.ANONYMOUS_GTID, new GtidEventDataDeserializer());
        deserializer.setEventDataDeserializer(EventType.WRITE_ROWS, new OutboxRowsDeserializer(maps));
        deserializer.setEventDataDeserializer(
                EventType.EXT_WRITE_ROWS, new OutboxRowsDeserializer(maps).setMayContainExtraInformation(true));
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

    /**
     * The table that a number stands for, until the next one of that number. A table that is new, or has more columns than
     * before, is looked up.
     */
    void remember(TableMapEventData map) {
        String table = map.getDatabase() + "." + map.getTable();
        List<BinlogColumn> known = columns.get(table);
        if (known == null ? isOutbox.test(table) : known.size() < map.getColumnTypes().length) {
            readColumns();
            known = columns.get(table);
        }
        if (known == null) {
            maps.remove(map.getTableId());
            decoders.remove(map.getTableId());
        } else {
            maps.put(map.getTableId(), map);
            decoders.put(map.getTableId(), new Decoder(table, map.getColumnTypes().length, known, mapper));
        }
    }

    /** Whether it is an outbox, and has been looked up. */
    boolean knows(String table) {
        return columns.containsKey(table);
    }

    /** Null for a table that is no outbox. */
    @Nullable Decoder decoder(long tableId) {
        return decoders.get(tableId);
    }

    /**
     * Decodes the rows of one table.
     *
     * @param width columns that the table had when the rows were written
     */
    record Decoder(String table, int width, List<BinlogColumn> columns, RowMapper mapper) {

        /** @throws UndecodableException when the image can't be one of the table as it is now */
        SourceEvent decode(Serializable[] image, Position behind, Instant committedAt) {
            if (width > columns.size()) {
                throw new UndecodableException(
                        "table %s has lost columns since: it had %d, now %d".formatted(table, width, columns.size()));
            }
            if (image.length != width) {
                throw new UndecodableException(
                        "a row of %s was logged with %d of its %d columns: whoever wrote it had a binlog_row_image of its own that is not FULL"
                                .formatted(table, image.length, width));
            }
            Map<String, Object> values = new HashMap<>();
            for (int i = 0; i < image.length; i++) {
                Serializable value = image[i];
                if (value != null) {
                    values.put(columns.get(i).name(), decode(columns.get(i), value));
                }
            }
            try {
                OutboxMessage message = mapper.map(table, values::get);
                return new SourceEvent.Row(message, behind, ChronoUnit.MICROS.between(Instant.EPOCH, committedAt));
            } catch (RowMapper.UnmappableException e) {
                return new SourceEvent.Poison(mapper.poison(table, values::get, e), behind);
            }
        }

        private Object decode(BinlogColumn column, Serializable value) {
            try {
                return column.decode(value);
            } catch (IOException | ClassCastException e) {
                throw new UndecodableException(
                        "column %s.%s, now %s, was of another type".formatted(table, column.name(), column.fullType()));
            }
        }
    }

    /** A row image does not fit the table. */
    static final class UndecodableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UndecodableException(String message) {
            super(message);
        }
    }
}
