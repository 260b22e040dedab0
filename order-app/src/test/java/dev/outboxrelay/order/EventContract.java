package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/asyncapi.yaml. */
final class EventContract {
    private final Contract contract = new Contract(read());

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Files.readString(Path.of("../docs/asyncapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> types() {
        return Set.copyOf(contract.at("/components/messages").propertyNames());
    }

    /** Everything in the row is as the document says, and the document leaves nothing out. */
    void check(Map<String, Object> row) {
        String type = (String) row.get("type");
        JsonNode payload = JsonMapper.shared().readTree((String) row.get("payload"));
        assertThat(UuidCreator.fromBytes((byte[]) row.get("id")).version()).isEqualTo(7);
        JsonNode schema = contract.at("/components/messages/" + type + "/payload");
        assertThat(schema.isMissingNode())
                .as("%s is not in docs/asyncapi.yaml", type)
                .isFalse();
        String pointer = schema.get("$ref").stringValue().substring(1);

        assertThat(contract.problems(pointer, payload))
                .as("%s %s", type, payload)
                .isEmpty();
        assertThat(properties(contract.at(pointer))).containsAll(payload.propertyNames());
        assertThat(properties(contract.at("/components/schemas/Line")))
                .containsAll(payload.get("lines").get(0).propertyNames());
        assertThat(contract.problems("/components/schemas/Headers", headers(row)))
                .isEmpty();
        assertThat(payload.get("version").longValue()).isEqualTo(row.get("aggregate_version"));
        assertThat(payload.get("orderId").stringValue()).isEqualTo(row.get("aggregateid"));
    }

    /** As the relay makes them from the row. */
    private static ObjectNode headers(Map<String, Object> row) {
        String own = (String) row.get("headers");
        ObjectNode headers = (ObjectNode) JsonMapper.shared().readTree(own == null ? "{}" : own);
        return headers.put("aggregate-type", (String) row.get("aggregatetype"))
                .put("aggregate-id", (String) row.get("aggregateid"))
                .put("aggregate-version", (Long) row.get("aggregate_version"));
    }

    private Set<String> properties(JsonNode schema) {
        Set<String> names = new TreeSet<>(schema.path("properties").propertyNames());
        schema.path("allOf").forEach(part -> names.addAll(properties(contract.resolve(part))));
        return names;
    }
}
