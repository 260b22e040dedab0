package dev.outboxrelay.relay;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A relay as it is shipped, configured by its environment, with its management endpoints. */
record RelayProcess(ChildProcess process, int port) implements AutoCloseable {

    static final Path JAR = Path.of("target/app/outbox-relay.jar").toAbsolutePath();

    /** One of that stage; ready, though it may stand by, when this returns. */
    static RelayProcess start(Stage stage) {
        return start(stage, Map.of());
    }

    static RelayProcess start(Stage stage, Map<String, String> environment) {
        RelayProcess relay = launch(stage, environment);
        relay.process().awaitHttpOk(URI.create("http://127.0.0.1:" + relay.port() + "/readyz"), Stage.PATIENCE);
        return relay;
    }

    /** The same without waiting for anything. */
    static RelayProcess launch(Stage stage, Map<String, String> environment) {
        int port = Ports.free();
        ChildProcess process = ChildProcess.java(
                        "outbox-relay",
                        "@../outbox-relay/jvm.options",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:SharedArchiveFile=" + JAR.resolveSibling("outbox-relay.jsa"),
                        "-jar",
                        JAR.toString())
                .env(environment(stage))
                .env(environment)
                .env("SERVER_PORT", port)
                .start();
        return new RelayProcess(process, port);
    }

    /** What the health endpoint says, in JSON. */
    String health() throws IOException, InterruptedException {
        return get("/actuator/health").body();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** That stage's properties as environment variables. */
    static Map<String, String> environment(Stage stage) {
        return stage.properties.entrySet().stream()
                .collect(Collectors.toMap(
                        property -> property.getKey()
                                .toUpperCase(Locale.ROOT)
                                .replace('.', '_')
                                .replace("-", ""),
                        property -> property.getValue().toString()));
    }

    @Override
    public void close() {
        process.close();
    }
}
