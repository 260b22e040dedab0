package dev.outboxrelay.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * The HTTP API of a node's management plugin. Every request has a connection of its own: a node that is told to stop waits
 * five seconds for connections that are kept alive.
 */
record ManagementApi(int port, String user, String password) {

    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(20).toMillis();

    /** Whether the API lets our user in; it does not before the node has booted. */
    boolean answers() {
        try {
            return request("GET", "/api/overview").getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    void put(String path, String json) {
        change("PUT", path, json);
    }

    void delete(String path) {
        change("DELETE", path, "");
    }

    private void change(String method, String path, String json) {
        try {
            HttpURLConnection request = request(method, path);
            if (!json.isEmpty()) {
                request.setRequestProperty("Content-Type", "application/json");
                request.setDoOutput(true);
                request.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
            }
            if (request.getResponseCode() / 100 != 2) {
                throw new LocalServiceException("RabbitMQ's management API answered %d to %s %s: %s"
                        .formatted(request.getResponseCode(), method, path, reason(request)));
            }
        } catch (IOException e) {
            throw new LocalServiceException(
                    "RabbitMQ's management API does not answer %s %s".formatted(method, path), e);
        }
    }

    private HttpURLConnection request(String method, String path) throws IOException {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        request.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        request.setRequestProperty("Connection", "close");
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        request.setRequestMethod(method);
        return request;
    }

    private static String reason(HttpURLConnection response) throws IOException {
        try (InputStream body = response.getErrorStream()) {
            return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
