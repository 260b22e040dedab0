package dev.outboxrelay.order;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A document that holds JSON Schemas: docs/openapi.json, or another. */
final class Contract {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final JsonNode document;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    Contract(JsonNode document) {
        this.document = document;
    }

    static Contract openApi() {
        try {
            return new Contract(JsonMapper.shared().readTree(Files.readString(Path.of("../docs/openapi.json"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with the value, by the schema at that pointer; empty where nothing is. */
    List<String> problems(String pointer, JsonNode value) {
        return schemas.computeIfAbsent(pointer, this::schema).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    JsonNode document() {
        return document;
    }

    private Schema schema(String pointer) {
        ObjectNode root = (ObjectNode) document.deepCopy();
        return SCHEMAS.getSchema(root.put("$ref", "#" + pointer));
    }

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** The schema itself, or the one that it refers to. */
    JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? at(schema.get("$ref").stringValue().substring(1)) : schema;
    }
}
