package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A relay's row in {@code relay_offset}.
 *
 * @param serverUuid the server that the position was read from
 * @param epoch the lease epoch of its writer
 * @param events messages confirmed since the row was first written
 * @param updatedAt by the database's clock
 */
public record StoredOffset(Position position, String serverUuid, long epoch, long events, Instant updatedAt) {

    private static final TypeReference<Map<String, Object>> OFFSET = new TypeReference<>() {};

    static String json(Position position) {
        return JsonMapper.shared().writeValueAsString(position.offset());
    }

    /** By a row's column {@code offset}. */
    static Position position(ResultSet row) throws SQLException {
        return new Position(JsonMapper.shared().readValue(row.getString("offset"), OFFSET));
    }
}
