package dev.outboxrelay.demo.docs;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.outboxrelay.local.ReceivedMail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An order's way through a running demo, seen by a client from outside and written as README.md writes it. */
final class OneOrder implements AutoCloseable {

    private static final List<String> HEADERS =
            List.of("From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Order-Id", "X-Event-Id");

    private final Map<String, String> environment;
    private final Connection connection;
    private final BlockingQueue<GetResponse> messages = new LinkedBlockingQueue<>();

    /** Listens in from now on. */
    OneOrder(Map<String, String> environment) throws Exception {
        this.environment = environment;
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(environment.get("RABBITMQ_URI"));
        this.connection = factory.newConnection("readme");
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, "outbox.events", "#");
        channel.basicConsume(
                queue,
                true,
                (tag, message) -> messages.add(
                        new GetResponse(message.getEnvelope(), message.getProperties(), message.getBody(), 0)),
                tag -> {});
    }

    /** The row of the outbox. */
    String row() throws SQLException {
        String url = "jdbc:mysql://" + environment.get("MYSQL_HOST") + ":" + environment.get("MYSQL_PORT") + "/orders";
        try (java.sql.Connection mysql =
                        DriverManager.getConnection(url, "root", environment.get("MYSQL_ROOT_PASSWORD"));
                Statement statement = mysql.createStatement();
                ResultSet row = statement.executeQuery("SELECT BIN_TO_UUID(id) AS id, aggregatetype, aggregateid, type,"
                        + " payload, headers, aggregate_version, created_at FROM outbox")) {
            row.next();
            StringBuilder text = new StringBuilder();
            ResultSetMetaData columns = row.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                line(text, columns.getColumnLabel(i), String.valueOf(row.getString(i)));
            }
            return text.toString();
        }
    }

    /** The message that RabbitMQ delivers. */
    String message() throws InterruptedException {
        GetResponse message = messages.poll(60, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came within a minute");
        }
        AMQP.BasicProperties properties = message.getProps();
        StringBuilder text = new StringBuilder();
        line(text, "exchange", message.getEnvelope().getExchange());
        line(text, "routing key", message.getEnvelope().getRoutingKey());
        line(text, "message_id", properties.getMessageId());
        line(text, "type", properties.getType());
        line(text, "timestamp", properties.getTimestamp().toInstant().toString());
        line(text, "delivery_mode", properties.getDeliveryMode().toString());
        line(text, "content_type", properties.getContentType());
        line(text, "app_id", properties.getAppId());
        new TreeMap<>(properties.getHeaders()).forEach((name, value) -> line(text, name, String.valueOf(value)));
        line(text, "body", new String(message.getBody(), StandardCharsets.UTF_8));
        return text.toString();
    }

    /** The mail that the mail server has, awaited. */
    String mail() throws IOException, InterruptedException {
        await().atMost(Duration.ofMinutes(1)).until(() -> get("/mails/1").statusCode() == 200);
        ReceivedMail mail =
                new ReceivedMail(Instant.EPOCH, "", List.of(), get("/mails/1").body());
        StringBuilder text = new StringBuilder();
        HEADERS.forEach(name -> text.append(name)
                .append(": ")
                .append(mail.header(name).orElse("-"))
                .append('\n'));
        return text.append('\n').append(mail.textBody().replace("\r\n", "\n")).toString();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        URI page = URI.create(environment.get("MAIL_SINK_URL") + path);
        HttpRequest request =
                HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(10)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-18s ".formatted(name)).append(value).append('\n');
    }
}
