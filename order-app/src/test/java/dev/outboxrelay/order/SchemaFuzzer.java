package dev.outboxrelay.order;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes values by a JSON Schema: mostly such as it allows, at its edges, and now and then one that it does not. */
final class SchemaFuzzer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> ALPHABET =
            List.of("a", "Z", "0", " ", "-", "'", "\"", "<", "é", "王", "😀", "\n", "\u0000", "\u202e");

    private final Contract contract;
    private final Random random;

    SchemaFuzzer(Contract contract, long seed) {
        this.contract = contract;
        this.random = new Random(seed);
    }

    JsonNode value(JsonNode schemaOrReference) {
        JsonNode schema = contract.resolve(schemaOrReference);
        if (oneIn(40)) {
            return anything();
        }
        if (schema.has("example") && oneIn(2)) {
            return schema.get("example");
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "integer" -> integer(schema);
            default -> NODES.stringNode(text(schema));
        };
    }

    boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.get(random.nextInt(oneIn(4) ? ALPHABET.size() : 3)));
        }
        return text.toString();
    }

    private ObjectNode object(JsonNode schema) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties").forEachEntry((name, property) -> {
            if (!oneIn(40)) {
                object.set(name, value(property));
            }
        });
        if (oneIn(30)) {
            object.set(text(3), anything());
        }
        return object;
    }

    private ArrayNode array(JsonNode schema) {
        ArrayNode array = NODES.arrayNode();
        int max = schema.path("maxItems").asInt(10);
        int size = oneIn(50) ? random.nextInt(max + 20) : random.nextInt(4);
        for (int i = 0; i < size; i++) {
            array.add(value(schema.get("items")));
        }
        return array;
    }

    private JsonNode integer(JsonNode schema) {
        long min = schema.path("minimum").asLong(0);
        long max = schema.path("maximum").asLong(Long.MAX_VALUE);
        return switch (random.nextInt(12)) {
            case 0 -> NODES.numberNode(min);
            case 1 -> NODES.numberNode(max);
            case 2 -> NODES.numberNode(min - 1);
            case 3 -> NODES.numberNode(BigInteger.valueOf(max).add(BigInteger.ONE));
            case 4 -> NODES.numberNode(BigDecimal.valueOf(min).add(new BigDecimal("0.5")));
            default -> NODES.numberNode(random.nextLong(min, Math.min(max, 10_000)));
        };
    }

    private String text(JsonNode schema) {
        int max = schema.path("maxLength").asInt(20);
        return switch (random.nextInt(10)) {
            case 0 -> "";
            case 1 -> text(max);
            case 2 -> text(max + 1);
            default -> text(1 + random.nextInt(Math.min(max, 20)));
        };
    }

    private JsonNode anything() {
        return switch (random.nextInt(7)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(random.nextDouble());
            case 4 -> NODES.arrayNode().add(NODES.objectNode());
            case 5 -> NODES.objectNode().set(text(2), NODES.arrayNode());
            default -> NODES.stringNode(text(random.nextInt(10)));
        };
    }
}
