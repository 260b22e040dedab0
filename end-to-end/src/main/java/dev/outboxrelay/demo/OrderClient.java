package dev.outboxrelay.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Places orders over HTTP, as any client of the order API does. */
public final class OrderClient {

    private static final int CREATED = 201;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI orders;
    private final String token;

    private final Duration limit;

    private OrderClient(URI orders, String token, Duration limit) {
        this.orders = orders;
        this.token = token;
        this.limit = limit;
    }

    /** A client of the API at that address, with that bearer token. */
    public static OrderClient of(URI api, String token) {
        return new OrderClient(api.resolve("/v1/orders"), token, LIMIT);
    }

    /** The same client, but one that does not wait longer than that for an answer. */
    public OrderClient within(Duration patience) {
        return new OrderClient(orders, token, patience);
    }

    /**
     * What the API has answered.
     *
     * @param tryAgain whether it wants the same request once more
     */
    public record Answer(int status, boolean tryAgain, String body) {

        static Answer of(HttpResponse<String> response) {
            int status = response.statusCode();
            boolean later = response.headers().firstValue("Retry-After").isPresent();
            return new Answer(status, later || status == 500 || status == 408, response.body());
        }

        public boolean isDone() {
            return status / 100 == 2;
        }

        /** The id of the order that it is about; empty text if it names none. */
        public String orderId() {
            return isDone() ? JSON.readTree(body).path("id").asString() : "";
        }
    }

    /** An order that the API has answered with 201: the promise holds for it from that moment. */
    public record Placed(String orderId, SampleOrder order, Instant answeredAt) {}

    /**
     * Places the order, once.
     *
     * @throws OrderRefusedException if the answer is not 201, or there is none; in the second case the order may exist
     */
    public Placed place(SampleOrder order) {
        try {
            Answer answer = send("", order, Optional.empty());
            Instant answeredAt = Instant.now();
            if (answer.status() != CREATED) {
                throw new OrderRefusedException(
                        "The order API answered " + answer.status() + ": " + answer.body(), null);
            }
            return new Placed(answer.orderId(), order, answeredAt);
        } catch (IOException e) {
            throw new OrderRefusedException("The order API did not answer at " + orders, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrderRefusedException("Interrupted while placing an order", e);
        }
    }

    /**
     * Sends a command, once.
     *
     * @param path behind {@code /v1/orders}: empty to place an order, or such as {@code /ID/payment}
     * @param key the Idempotency-Key under which it may be sent any number of times
     * @throws IOException if there is no answer; it may have been carried out
     */
    public Answer send(String path, Object body, Optional<String> key) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(orders + path))
                .timeout(limit)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        key.ifPresent(value -> request.header("Idempotency-Key", value));
        return Answer.of(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }
}
