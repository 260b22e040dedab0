package dev.outboxrelay.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the app as a client in another process would. */
record Api(int port, String token) {
    static final String JSON = "application/json";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Api withToken(String other) {
        return new Api(port, other);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers("Content-Type", JSON, headers));
    }

    Answer postBytes(String path, byte[] body, String... headers) {
        return send("POST", path, BodyPublishers.ofByteArray(body), headers("Content-Type", JSON, headers));
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    /** Without waiting for the answer. */
    CompletableFuture<Answer> postAsync(String path, String body, String... headers) {
        HttpRequest request =
                request("POST", path, BodyPublishers.ofString(body), headers("Content-Type", JSON, headers));
        return HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(Answer::new);
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
        try {
            return new Answer(HTTP.send(request(method, path, body, headers), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + method + " " + path, e);
        }
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static String[] headers(String name, String value, String... others) {
        String[] all = new String[others.length + 2];
        all[0] = name;
        all[1] = value;
        System.arraycopy(others, 0, all, 2, others.length);
        return all;
    }

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
