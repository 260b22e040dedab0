package dev.outboxrelay.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The HTTP API of a node's management plugin. */
record ManagementApi(int port, String user, String password) {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** Whether the API lets our user in; it does not before the node has booted. */
    boolean answers() {
        try {
            return send(request("/api/overview").GET()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    void put(String path, String json) {
        change(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)), path);
    }

    void delete(String path) {
        change(request(path).DELETE(), path);
    }

    private void change(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> response = send(request);
            if (response.statusCode() / 100 != 2) {
                throw new LocalServiceException("RabbitMQ's management API answered %d to %s: %s"
                        .formatted(response.statusCode(), path, response.body()));
            }
        } catch (IOException e) {
            throw new LocalServiceException("RabbitMQ's management API does not answer " + path, e);
        }
    }

    private HttpRequest.Builder request(String path) {
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for RabbitMQ's management API", e);
        }
    }
}
