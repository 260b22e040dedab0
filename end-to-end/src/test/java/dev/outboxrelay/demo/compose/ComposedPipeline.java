package dev.outboxrelay.demo.compose;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.MySqlServer;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.RabbitMqServer;
import dev.outboxrelay.local.SmtpSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts what compose.yaml starts, from the environment and the secrets that it gives, on servers of this machine: only
 * their addresses, and the login of the mail server, are put in the place of Compose's.
 */
final class ComposedPipeline implements AutoCloseable {

    private final ComposeFile compose;
    private final MadeSecrets secrets;
    private final MySqlServer mysql;
    private final RabbitMqServer rabbit;
    private final SmtpSink sink;
    private final List<ChildProcess> processes = new ArrayList<>();

    ComposedPipeline(ComposeFile compose, MadeSecrets secrets, MySqlServer mysql, RabbitMqServer rabbit, SmtpSink sink)
            throws IOException {
        this.compose = compose;
        this.secrets = secrets;
        this.mysql = mysql;
        this.rabbit = rabbit;
        this.sink = sink;
        replace("flyway/root-password", mysql.rootPassword());
        replace("mail-worker/spring.mail.password", sink.password());
        replace("mail-worker/smtp-ca.pem", Files.readString(sink.caFile()));
    }

    /** Runs a service's jar with the options that its image has for it; it dies with this JVM. */
    ChildProcess start(String service, Path jar, int port) throws IOException {
        Map<String, String> environment = new HashMap<>();
        compose.environment(service).forEach((name, value) -> environment.put(name, here(service, value)));
        environment.put("SPRING_CONFIG_IMPORT", "configtree:" + directory(service) + "/");
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("MANAGEMENT_SERVER_PORT", service.equals("order-app") ? "" + Ports.free() : "" + port);
        environment.replace("MYSQL_PORT", Integer.toString(mysql.port()));
        environment.replace("SPRING_MAIL_PORT", Integer.toString(sink.port()));
        environment.replace("SPRING_MAIL_USERNAME", sink.username());
        List<String> arguments = EntryPoint.options(service);
        arguments.addAll(List.of("-jar", jar.toString()));
        ChildProcess process = ChildProcess.java(service, arguments.toArray(String[]::new))
                .env(environment)
                .start();
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
    }

    private String here(String service, String value) {
        return value.replace("mysql:3306", mysql.host() + ":" + mysql.port())
                .replace("rabbitmq:5672", rabbit.host() + ":" + rabbit.port())
                .replaceAll("^(mysql|mailpit)$", "127.0.0.1")
                .replace("/run/secrets", directory(service).toString());
    }

    private Path directory(String service) {
        return secrets.directory().resolve(compose.secretsOf(service));
    }

    private void replace(String path, String content) throws IOException {
        Files.delete(secrets.directory().resolve(path));
        Files.writeString(secrets.directory().resolve(path), content);
    }
}
