package dev.outboxrelay.demo;

import dev.outboxrelay.local.AtEnd;
import dev.outboxrelay.local.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A pipeline with servers of its own, on fresh data, and a page for its mails. All of it ends with this JVM. */
record Stage(Services services, Pipeline pipeline, URI mails) implements AutoCloseable {

    /** Starts the servers, then the applications, telling how far it is. */
    static Stage open(Home home, Progress progress) {
        Path directory = Scratch.directory();
        Path logs = directory.resolve("logs");
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + logs, e);
        }
        progress.say("starting MySQL, RabbitMQ and a mail server under " + directory);
        Services services = Services.start(directory);
        AtEnd.run(services::close);
        progress.say("migrating the schemas, making the users");
        Pipeline pipeline = Pipeline.prepare(home, services, Scope.DEFAULT, logs);
        AtEnd.run(pipeline::close);
        progress.say("starting order-app, outbox-relay and mail-worker");
        pipeline.startAll();
        return new Stage(services, pipeline, services.sink().servePage());
    }

    /** What a client from outside needs to know, by the name of its variable. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("ORDER_API_URL", pipeline.orderApi().toString());
        variables.put("ORDER_API_TOKEN", pipeline.orderToken());
        variables.put("RELAY_URL", pipeline.outboxRelay().management().toString());
        variables.put("WORKER_URL", pipeline.mailWorker().management().toString());
        variables.put("MAIL_SINK_URL", mails.toString());
        variables.put("MYSQL_HOST", services.mysql().host());
        variables.put("MYSQL_PORT", Integer.toString(services.mysql().port()));
        variables.put("MYSQL_ROOT_PASSWORD", services.mysql().rootPassword());
        variables.put("RABBITMQ_URI", services.rabbit().uri().toString());
        variables.put(
                "RABBITMQ_MANAGEMENT_URL", services.rabbit().managementUri().toString());
        variables.put("SMTP_HOST", services.sink().host());
        variables.put("SMTP_PORT", Integer.toString(services.sink().port()));
        variables.put("SMTP_USERNAME", services.sink().username());
        variables.put("SMTP_PASSWORD", services.sink().password());
        variables.put("SMTP_CA_FILE", services.sink().caFile().toString());
        variables.put("OUTBOX_SERVICES_STATE", Scratch.directory().toString());
        return variables;
    }

    /** The addresses to look at. */
    String addresses() {
        return """

                mails received        %s
                RabbitMQ management   %s
                order API             %s/v1/orders
                relay                 %s/actuator/health
                mail worker           %s/actuator/health
                applications' logs    %s
                """.formatted(
                        mails,
                        services.rabbit().managementUri(),
                        pipeline.orderApi(),
                        pipeline.outboxRelay().management(),
                        pipeline.mailWorker().management(),
                        Scratch.directory().resolve("logs"));
    }

    @Override
    public void close() {
        pipeline.close();
        services.close();
    }
}
