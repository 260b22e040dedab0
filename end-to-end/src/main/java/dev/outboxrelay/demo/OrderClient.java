package dev.outboxrelay.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
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

    private OrderClient(URI api, String token) {
        this.orders = api.resolve("/v1/orders");
        this.token = token;
    }

    /** A client of the API at that address, with that bearer token. */
    public static OrderClient of(URI api, String token) {
        return new OrderClient(api, token);
    }

    /** An order that the API has answered with 201: the promise holds for it from that moment. */
    public record Placed(String orderId, SampleOrder order, Instant answeredAt) {}

    /**
     * Places the order, once.
     *
     * @throws OrderRefusedException if the answer is not 201, or there is none; in the second case the order may exist
     */
    public Placed place(SampleOrder order) {
        HttpRequest request = HttpRequest.newBuilder(orders)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(order)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            Instant answeredAt = Instant.now();
            if (answer.statusCode() != CREATED) {
                throw new OrderRefusedException(
                        "The order API answered " + answer.statusCode() + ": " + answer.body(), null);
            }
            return new Placed(JSON.readTree(answer.body()).path("id").asString(), order, answeredAt);
        } catch (IOException e) {
            throw new OrderRefusedException("The order API did not answer at " + orders, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrderRefusedException("Interrupted while placing an order", e);
        }
    }
}
