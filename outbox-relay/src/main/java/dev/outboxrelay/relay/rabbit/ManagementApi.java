package dev.outboxrelay.relay.rabbit;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP API of the broker's management plugin, to read from.
 *
 * @param tls for {@code https}
 */
public record ManagementApi(URI url, String username, String password, Supplier<SSLContext> tls) {

    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    /**
     * An answer.
     *
     * @param date the broker's time, in whole seconds; the epoch where it did not say
     */
    public record Answer(JsonNode body, Instant date) {}

    /**
     * Reads what is there.
     *
     * @param path its parts, escaped here
     * @return empty where there is no such thing
     * @throws IOException when it does not answer in time, or lets us not look; names address and user, no secret
     */
    public Optional<Answer> get(String... path) throws IOException {
        String escaped = Stream.of(path)
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/", "/api/", ""));
        try {
            HttpURLConnection request = open(URI.create(url.toString().replaceFirst("/+$", "") + escaped));
            int status = request.getResponseCode();
            if (status == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers %d to user %s for %s".formatted(status, username, escaped));
            }
            try (InputStream body = request.getInputStream()) {
                return Optional.of(
                        new Answer(JsonMapper.shared().readTree(body), Instant.ofEpochMilli(request.getDate())));
            }
        } catch (IOException | JacksonException e) {
            throw new IOException("RabbitMQ's management API at %s: %s".formatted(url, e.getMessage()), e);
        }
    }

    private HttpURLConnection open(URI address) throws IOException {
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        if (request instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(tls.get().getSocketFactory());
        }
        byte[] login = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        request.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        request.setRequestProperty("Connection", "close"); // kept alive, it would hold up a broker that stops
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        request.setInstanceFollowRedirects(false);
        return request;
    }

    @Override
    public String toString() {
        return "ManagementApi[%s, %s, ****]".formatted(url, username);
    }
}
