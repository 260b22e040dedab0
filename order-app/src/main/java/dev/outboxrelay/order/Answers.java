package dev.outboxrelay.order;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** Puts answers, and what makes two commands the same, into bytes. */
final class Answers {
    private final JsonMapper json;

    Answers(JsonMapper json) {
        this.json = json;
    }

    Answer created(Order order) {
        return new Answer(HttpStatus.CREATED.value(), "/v1/orders/" + order.id(), etag(order), body(order));
    }

    Answer changed(Order order) {
        return new Answer(HttpStatus.OK.value(), null, etag(order), body(order));
    }

    /** Equal for commands that mean the same, however their JSON was written. */
    byte[] fingerprint(String operation, @Nullable UUID order, Object command) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((operation + " " + order + " ").getBytes(StandardCharsets.UTF_8));
            return digest.digest(json.writeValueAsBytes(command));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    private String body(Order order) {
        return json.writeValueAsString(OrderAnswer.of(order));
    }

    private static String etag(Order order) {
        return "\"" + order.version() + "\"";
    }
}
