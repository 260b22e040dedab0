package dev.outboxrelay.relay;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads chosen rows of the outbox tables, and maps them as the relay does. */
public final class OutboxReader {

    /** What became of a row. */
    public sealed interface Mapped {

        String table();

        String id();

        /** It is a message. */
        record Message(OutboxMessage message) implements Mapped {
            @Override
            public String table() {
                return message.table();
            }

            @Override
            public String id() {
                return message.id();
            }
        }

        /** It can't be made into one. */
        record Poison(PoisonRow row) implements Mapped {
            @Override
            public String table() {
                return row.table();
            }

            @Override
            public String id() {
                return row.id();
            }
        }
    }

    /** A row's place, without what is in it: small enough to have many of them. */
    public record RowKey(OutboxTable table, Object id) {

        /** The id as messages carry it. */
        public String text() {
            return RowMapper.text(id);
        }
    }

    private final JdbcClient jdbc;
    private final RelayConfig config;
    private final RowMapper mapper;
    private final List<OutboxTable> tables;

    /** @throws OutboxTable.UnfitException where the tables are not as they must be */
    public OutboxReader(JdbcClient jdbc, RelayConfig config) {
        this.jdbc = jdbc;
        this.config = config;
        mapper = config.rowMapper();
        tables = OutboxTable.find(jdbc, config.tables(), config.expectedColumns());
    }

    /** The rows of these ids, in the order of each aggregate; several tables may have the same id. */
    public List<RowKey> keys(Collection<String> ids) {
        List<RowKey> keys = new ArrayList<>();
        for (OutboxTable table : tables) {
            List<Object> values = values(table, ids);
            if (!values.isEmpty()) {
                String places = String.join(", ", Collections.nCopies(values.size(), "?"));
                keys.addAll(keys(table, column(config.columns().id()) + " IN (" + places + ")", values.toArray()));
            }
        }
        return keys;
    }

    /** All rows of one aggregate, in its order. */
    public List<RowKey> keys(QuarantinedEvent.Aggregate aggregate) {
        String where = column(config.columns().aggregateType()) + " = ? AND "
                + column(config.columns().aggregateId()) + " = ?";
        List<RowKey> keys = new ArrayList<>();
        tables.forEach(table -> keys.addAll(keys(table, where, aggregate.type(), aggregate.id())));
        return keys;
    }

    /**
     * All rows that were written at or after that time, in the order of each aggregate.
     *
     * @throws OutboxTable.UnfitException where a table does not say when a row was written
     */
    public List<RowKey> keysSince(Instant time) {
        List<RowKey> keys = new ArrayList<>();
        for (OutboxTable table : tables) {
            if (!table.columns().contains(config.columns().createdAt())) {
                throw new OutboxTable.UnfitException(List.of("table %s has no column %s to tell when a row was written"
                        .formatted(table, config.columns().createdAt())));
            }
            keys.addAll(keys(
                    table,
                    column(config.columns().createdAt()) + " >= ?",
                    LocalDateTime.ofInstant(time, ZoneOffset.UTC)));
        }
        return keys;
    }

    /** The rows of these keys, in their order; what has been deleted meanwhile is left out. */
    public List<Mapped> read(List<RowKey> keys) {
        Map<RowKey, Mapped> found = new HashMap<>();
        for (OutboxTable table : tables) {
            List<Object> ids = keys.stream()
                    .filter(key -> key.table().equals(table))
                    .map(RowKey::id)
                    .toList();
            if (!ids.isEmpty()) {
                jdbc.sql("SELECT * FROM %s WHERE %s IN (:ids)"
                                .formatted(
                                        table.quoted(), column(config.columns().id())))
                        .param("ids", ids)
                        .query(row -> {
                            Mapped mapped = map(table, row);
                            found.put(new RowKey(table, mapped.id()), mapped);
                        });
            }
        }
        return keys.stream()
                .map(key -> found.get(new RowKey(key.table(), key.text())))
                .filter(mapped -> mapped != null)
                .toList();
    }

    private List<RowKey> keys(OutboxTable table, String where, Object... values) {
        return jdbc.sql("SELECT %s FROM %s WHERE %s ORDER BY %s"
                        .formatted(
                                column(config.columns().id()),
                                table.quoted(),
                                where,
                                TableSnapshot.order(table, config.columns())))
                .params(values)
                .query((row, number) -> new RowKey(table, row.getObject(1)))
                .list();
    }

    private Mapped map(OutboxTable table, ResultSet row) throws SQLException {
        TableRow values = new TableRow(table, row);
        try {
            return new Mapped.Message(mapper.map(table.toString(), values));
        } catch (RowMapper.UnmappableException e) {
            return new Mapped.Poison(mapper.poison(table.toString(), values, e));
        } catch (TableRow.UnreadableException e) {
            throw e.cause();
        }
    }

    /** The ids as the table's column holds them, without those that can't be in that table. */
    private List<Object> values(OutboxTable table, Collection<String> ids) {
        String type = jdbc.sql(
                        "SELECT data_type FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND column_name = ?")
                .params(table.schema(), table.name(), config.columns().id())
                .query(String.class)
                .single();
        return ids.stream()
                .map(id -> value(type, id))
                .filter(value -> value != null)
                .toList();
    }

    private static @Nullable Object value(String type, String id) {
        try {
            if (type.contains("binary")) {
                UUID uuid = UUID.fromString(id);
                return ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array();
            }
            return type.contains("int") ? new BigInteger(id) : id;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String column(String name) {
        return OutboxTable.quoted(name);
    }
}
