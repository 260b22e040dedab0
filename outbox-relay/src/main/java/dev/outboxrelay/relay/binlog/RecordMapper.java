package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.RowMapper;
import dev.outboxrelay.relay.SourceEvent;
import io.debezium.data.Envelope;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTimestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes our events of Debezium's records; nothing behind it sees a {@link SourceRecord}. */
final class RecordMapper {

    private static final String INSERTED = Envelope.Operation.CREATE.code();

    private final RowMapper rows;

    RecordMapper(RowMapper rows) {
        this.rows = rows;
    }

    SourceEvent map(SourceRecord sourceRecord) {
        Position position = new Position(sourceRecord.sourceOffset());
        Struct row = insertedRow(sourceRecord);
        if (row == null) {
            return new SourceEvent.Marker(position);
        }
        Struct source = ((Struct) sourceRecord.value()).getStruct(Envelope.FieldName.SOURCE);
        String table = source.getString("db") + "." + source.getString("table");
        RowMapper.Row values = column -> value(row, column);
        try {
            OutboxMessage message = rows.map(table, values);
            return new SourceEvent.Row(message, position, source.getInt64("ts_us"));
        } catch (RowMapper.UnmappableException e) {
            return new SourceEvent.Poison(rows.poison(table, values, e), position);
        }
    }

    private static @Nullable Struct insertedRow(SourceRecord sourceRecord) {
        if (!(sourceRecord.value() instanceof Struct value) || value.schema().field(Envelope.FieldName.AFTER) == null) {
            return null;
        }
        return INSERTED.equals(value.getString(Envelope.FieldName.OPERATION))
                ? value.getStruct(Envelope.FieldName.AFTER)
                : null;
    }

    private static @Nullable Object value(Struct row, String column) {
        Field field = row.schema().field(column);
        Object value = field == null ? null : row.get(field);
        String logicalType = field == null ? null : field.schema().name();
        return value == null || logicalType == null ? value : logical(logicalType, value);
    }

    private static Object logical(String type, Object value) {
        return switch (type) {
            case ZonedTimestamp.SCHEMA_NAME ->
                OffsetDateTime.parse((String) value).toInstant();
            case MicroTimestamp.SCHEMA_NAME -> Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
            case Timestamp.SCHEMA_NAME -> Instant.ofEpochMilli((Long) value);
            default -> value;
        };
    }
}
