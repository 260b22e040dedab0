package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.rabbit.ConsumerState;
import dev.outboxrelay.mail.rabbit.RabbitConsumer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A worker in this JVM. */
final class Worker implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;

    private Worker(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Worker begin(Map<String, String> settings) {
        return new Worker(RunCommand.start(settings));
    }

    static Worker start(Map<String, String> settings) {
        Worker worker = begin(settings);
        Awaitility.await()
                .atMost(WITHIN)
                .until(() -> worker.status().state() == ConsumerState.CONSUMING
                        || worker.status().state() == ConsumerState.PAUSED);
        return worker;
    }

    RabbitConsumer.Status status() {
        return context.getBean(RabbitConsumer.class).status();
    }

    void awaitState(ConsumerState state) {
        Awaitility.await().atMost(WITHIN).until(() -> status().state() == state);
    }

    int activePartitions() {
        return context.getBean(RabbitConsumer.class).activePartitions();
    }

    /** How often consuming has begun. */
    int runs() {
        return context.getBean(RabbitConsumer.class).runs();
    }

    double count(String outcome) {
        return context.getBean(MeterRegistry.class)
                .get("mail.worker.outcomes")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    HttpResponse<String> get(String path) throws Exception {
        int port = Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
                .getPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
