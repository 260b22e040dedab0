package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One connector's entry in the offset storage of a stock Debezium, engine or server: a key {@code ["name",{"server":"prefix"}]}
 * and a source offset, both as JSON.
 *
 * @param name of the connector
 * @param topicPrefix its {@code topic.prefix}
 */
public record DebeziumOffset(String name, String topicPrefix, Position position) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What we store beside Debezium's own terms, and Debezium does not know. */
    private static final List<String> OURS = List.of("snapshot_pending");

    /** Empty for an entry of another kind of connector, or one that was deleted. */
    static Optional<DebeziumOffset> read(String key, @Nullable String value) {
        try {
            JsonNode name = JSON.readTree(key);
            JsonNode offset = JSON.readTree(value == null ? "null" : value);
            boolean isMySql = name.isArray()
                    && name.path(0).isString()
                    && name.path(1).path("server").isString()
                    && offset.has("file")
                    && offset.has("pos");
            if (!isMySql) {
                return Optional.empty();
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            offset.properties().forEach(field -> fields.put(field.getKey(), scalar(field.getValue())));
            return Optional.of(new DebeziumOffset(
                    name.path(0).stringValue(), name.path(1).path("server").stringValue(), new Position(fields)));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Object scalar(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    /** Whether it stands in the middle of a snapshot: what it has read of it is not known. */
    public boolean isInSnapshot() {
        Map<String, ?> offset = position.offset();
        return offset.containsKey("snapshot") && !Boolean.TRUE.equals(offset.get("snapshot_completed"));
    }

    /** The place alone, as the relay stores it. */
    public Position place() {
        Map<String, Object> place = new LinkedHashMap<>();
        for (String key : List.of("ts_sec", "file", "pos", "gtids", "server_id", "event", "row")) {
            Object value = position.offset().get(key);
            if (value != null) {
                place.put(key, value);
            }
        }
        return new Position(place);
    }

    String key() {
        Map<String, String> partition = Map.of("server", topicPrefix);
        return JSON.writeValueAsString(List.of(name, partition));
    }

    String value() {
        Map<String, Object> offset = new LinkedHashMap<>(position.offset());
        OURS.forEach(offset::remove);
        return JSON.writeValueAsString(offset);
    }
}
