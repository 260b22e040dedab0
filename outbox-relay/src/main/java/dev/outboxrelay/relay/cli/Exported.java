package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.Server.StoredOn;
import dev.outboxrelay.relay.offsets.StoredOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A position outside the database. */
record Exported(String relay, StoredOn stored) {

    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OFFSET = new TypeReference<>() {};

    static Exported of(String relay, StoredOffset stored) {
        return new Exported(relay, new StoredOn(stored.position(), stored.serverUuid()));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("relay", relay);
        json.put("serverUuid", stored.serverUuid());
        json.put("offset", stored.position().offset());
        return json;
    }

    /**
     * Reads one.
     *
     * @throws CommandException where it is none
     */
    static Exported parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Map<String, Object> offset =
                    json.path("offset").isObject() ? JSON.convertValue(json.path("offset"), OFFSET) : Map.of();
            boolean isOne = json.path("version").asInt(0) == VERSION
                    && json.path("relay").isString()
                    && json.path("serverUuid").isString()
                    && offset.get("file") instanceof String
                    && offset.get("pos") instanceof Number
                    && (offset.get("gtids") == null || offset.get("gtids") instanceof String);
            if (!isOne) {
                throw notOne();
            }
            return new Exported(
                    json.path("relay").stringValue(),
                    new StoredOn(new Position(offset), json.path("serverUuid").stringValue()));
        } catch (JacksonException e) {
            throw notOne();
        }
    }

    private static CommandException notOne() {
        return new CommandException(ExitCode.USAGE, "that is not what offsets export writes");
    }
}
