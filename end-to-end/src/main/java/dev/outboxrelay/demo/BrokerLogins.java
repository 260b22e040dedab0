package dev.outboxrelay.demo;

import dev.outboxrelay.flyway.Names;
import dev.outboxrelay.local.RabbitMqServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives the applications their users in RabbitMQ, with the permissions that {@code deploy/rabbitmq/definitions.json} grants
 * and no more, so that what runs here proves that they suffice there.
 */
final class BrokerLogins {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final RabbitMqServer server;
    /** Its server breaks off on an offer of HTTP/2. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    BrokerLogins(RabbitMqServer server) {
        this.server = server;
    }

    /** Makes or changes users, permissions and exchanges in the vhost of that scope. */
    void grant(Path definitions, Scope scope, Credentials credentials) {
        JsonNode all = JSON.readTree(definitions.toFile());
        Map<String, String> passwords =
                Map.of("outbox_relay", credentials.outboxRelay(), "mail_worker", credentials.mailWorker());
        passwords.forEach((user, password) ->
                put("users/" + name(scope.names(), user), Map.of("password", password, "tags", "")));
        for (JsonNode permission : all.path("permissions")) {
            String user = permission.path("user").asString();
            if (passwords.containsKey(user)) {
                put(
                        "permissions/" + encode(scope.vhost()) + "/" + name(scope.names(), user),
                        Map.of(
                                "configure", permission.path("configure").asString(),
                                "write", permission.path("write").asString(),
                                "read", permission.path("read").asString()));
            }
        }
        for (JsonNode exchange : all.path("exchanges")) {
            put(
                    "exchanges/" + encode(scope.vhost()) + "/"
                            + encode(exchange.path("name").asString()),
                    Map.of("type", exchange.path("type").asString(), "durable", true));
        }
    }

    /** The user's name in RabbitMQ: the same as in MySQL. */
    static String name(Names names, String user) {
        return names.prefix() + user;
    }

    private void put(String resource, Map<String, ?> body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root() + "/api/" + resource))
                .timeout(LIMIT)
                .header("Authorization", "Basic " + login())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "RabbitMQ answered " + answer.statusCode() + " to PUT " + resource + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException("RabbitMQ's management API does not answer at " + root(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking RabbitMQ for " + resource, e);
        }
    }

    private String root() {
        return "http://" + server.host() + ":" + server.managementPort();
    }

    private String login() {
        String login = server.username() + ":" + server.password();
        return Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}
