package dev.outboxrelay.relay;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a message of an outbox row, whether the row comes from the binlog or from the table: the two must not differ in a
 * byte. Thread-safe.
 */
public final class RowMapper {

    /** Gives a column's value: String, Long, Integer, BigDecimal, byte[], ByteBuffer, Instant or null. */
    @FunctionalInterface
    public interface Row {
        @Nullable Object get(String column);
    }

    /** The row can't be made into a message; the message says which column is wrong and how. */
    public static final class UnmappableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnmappableException(String message) {
            super(message);
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    /** Longest short string that AMQP 0-9-1 can carry, in bytes. */
    private static final int SHORT_STRING = 255;

    private final OutboxColumns columns;
    private final Template exchange;
    private final Template routingKey;

    public RowMapper(OutboxColumns columns, Template exchange, Template routingKey) {
        this.columns = columns;
        this.exchange = exchange;
        this.routingKey = routingKey;
    }

    /** Makes the message of one row. */
    public OutboxMessage map(String table, Row row) throws UnmappableException {
        String id = shortText(columns.id(), required(row, columns.id()));
        String aggregateType = text(required(row, columns.aggregateType()));
        String aggregateId = text(required(row, columns.aggregateId()));
        String type = shortText(columns.type(), required(row, columns.type()));
        Map<String, Object> headers = headers(row);
        Object version = row.get(columns.aggregateVersion());
        Template.Values values = column -> {
            Object value = row.get(column);
            return value == null ? null : text(value);
        };
        return new OutboxMessage(
                table,
                id,
                aggregateType,
                aggregateId,
                version == null ? null : number(columns.aggregateVersion(), version),
                type,
                instant(row.get(columns.createdAt())),
                shortText("exchange", expand(exchange, values)),
                shortText("routing key", expand(routingKey, values)),
                headers,
                bytes(required(row, columns.payload())));
    }

    /** What can be said of a row that {@link #map} refused. */
    public PoisonRow poison(String table, Row row, UnmappableException why) {
        Object payload = row.get(columns.payload());
        return new PoisonRow(
                table,
                textOr(row.get(columns.id()), "?"),
                textOr(row.get(columns.aggregateType()), "?"),
                textOr(row.get(columns.aggregateId()), "?"),
                textOr(row.get(columns.type()), "?"),
                Objects.requireNonNullElse(why.getMessage(), "unmappable"),
                payload == null ? null : bytes(payload));
    }

    private Map<String, Object> headers(Row row) throws UnmappableException {
        Map<String, Object> headers = new LinkedHashMap<>();
        Object own = row.get(columns.headers());
        if (own != null) {
            addOwnHeaders(text(own), headers);
        }
        for (String column : columns.asHeaders()) {
            Object value = row.get(column);
            if (value != null) {
                headers.put(
                        headerName(column), value instanceof Number n && !(n instanceof BigDecimal) ? n : text(value));
            }
        }
        return headers;
    }

    private void addOwnHeaders(String json, Map<String, Object> headers) throws UnmappableException {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new UnmappableException("column " + columns.headers() + " is not JSON: " + e.getOriginalMessage());
        }
        if (node.isNull()) {
            return;
        }
        if (!node.isObject()) {
            throw new UnmappableException("column " + columns.headers() + " is not a JSON object");
        }
        node.properties().forEach(entry -> {
            Object value = scalar(entry.getValue());
            if (value != null) {
                headers.put(headerName(entry.getKey()), value);
            }
        });
    }

    private static @Nullable Object scalar(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.isBoolean() ? (Object) value.booleanValue() : value.toString();
    }

    /** On the way to AMQP 1.0, a header that begins with x- would turn into an annotation and be lost to the receiver. */
    private static String headerName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("x-") && name.length() > 2 ? name.substring(2) : name;
    }

    private static String expand(Template template, Template.Values values) throws UnmappableException {
        String expanded = template.expand(values);
        if (expanded == null) {
            throw new UnmappableException("a column of the template " + template + " is missing or null");
        }
        return expanded;
    }

    private Object required(Row row, String column) throws UnmappableException {
        Object value = row.get(column);
        if (value == null) {
            throw new UnmappableException("column " + column + " is missing or null");
        }
        return value;
    }

    private static String shortText(String what, Object value) throws UnmappableException {
        String text = text(value);
        if (text.length() > SHORT_STRING / 4 && text.getBytes(StandardCharsets.UTF_8).length > SHORT_STRING) {
            throw new UnmappableException(what + " is longer than AMQP's " + SHORT_STRING + " bytes");
        }
        return text;
    }

    private static long number(String column, Object value) throws UnmappableException {
        if (value instanceof Number n) {
            return n.longValue();
        }
        throw new UnmappableException("column " + column + " is not a number");
    }

    private static String textOr(@Nullable Object value, String otherwise) {
        return value == null ? otherwise : text(value);
    }

    /** Text as it is, numbers in decimal, 16 bytes as a canonical UUID, other bytes in hexadecimal. */
    static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return bytesAsText(bytes);
        }
        if (value instanceof ByteBuffer buffer) {
            return bytesAsText(bytes(buffer));
        }
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }

    private static String bytesAsText(byte[] bytes) {
        if (bytes.length > 16) {
            return HexFormat.of().formatHex(bytes);
        }
        // The binlog drops a BINARY column's trailing zeros.
        ByteBuffer padded = ByteBuffer.allocate(16).put(bytes).rewind();
        return new UUID(padded.getLong(), padded.getLong()).toString();
    }

    private static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable Instant instant(@Nullable Object value) throws UnmappableException {
        if (value == null || value instanceof Instant) {
            return (Instant) value;
        }
        throw new UnmappableException("column " + columns.createdAt() + " is not a point in time");
    }
}
