package dev.outboxrelay.order.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns bytes into what a command needs, or says all that is wrong with them. */
public final class JsonBody {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_DIGITS = 40;

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private JsonBody() {}

    /**
     * What {@code reader} makes of the object in {@code bytes}; none at all are an object without fields. It may go on reading after a problem; its result is thrown
     * away then.
     *
     * @throws MalformedBodyException where the bytes are no UTF-8, no JSON, nested or long beyond reason, or no object
     * @throws InvalidBodyException with everything that the reader found wrong, and every field that it did not ask for
     */
    public static <T> T read(byte[] bytes, Function<Fields, T> reader) {
        if (!(parse(bytes.length == 0 ? "{}" : decode(bytes)) instanceof ObjectNode object)) {
            throw new MalformedBodyException("The body must be a JSON object.");
        }
        Violations violations = new Violations();
        Fields fields = new Fields(object, "#", violations);
        T result = reader.apply(fields);
        fields.refuseOthers();
        violations.throwIfAny();
        return result;
    }

    private static JsonNode parse(String text) {
        try {
            return STRICT.readTree(text);
        } catch (JacksonException e) {
            throw new MalformedBodyException("The body is not JSON that this API reads" + place(e.getLocation()) + ".");
        }
    }

    /** A limit that is exceeded has no place. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null ? "" : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** By the strict decoder, since a parser may let an overlong form or half a surrogate pair pass. */
    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedBodyException("The body is not UTF-8.");
        }
    }
}
