package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outboxrelay.local.Ports;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code doctor} where something is wrong with RabbitMQ. */
@ExtendWith(CommandExtension.class)
class DoctorBrokerIT {

    private final Stage stage;
    private final DoctorSetUp doctor;

    DoctorBrokerIT(Stage stage, Cli cli) throws Exception {
        this.stage = stage;
        doctor = new DoctorSetUp(stage, cli);
    }

    @Test
    void what_is_wrong_with_the_way_to_rabbitmq_is_named_with_its_fix() throws Exception {
        String address = String.valueOf(stage.properties.get("spring.rabbitmq.addresses"));
        String closed = address.replace(":" + stage.rabbit.port(), ":" + Ports.free());
        doctor.broker(closed + "," + address);
        doctor.broken("rabbitmq reachable", "warning", "Connection refused", "Start RabbitMQ there");
        doctor.broker(closed);
        JsonNode down = doctor.broken("rabbitmq reachable", "failed", "Connection refused", "Start RabbitMQ there");
        doctor.expect(down, "rabbitmq exchange", "skipped", "'rabbitmq reachable' has failed", null);
        doctor.expect(down, "topology bindings", "ok", "Order.OrderPlaced reach mail.orders", null);
        doctor.broker(address.replaceFirst("//[^@]*@", "//nobody:wrong@"));
        doctor.broken("rabbitmq reachable", "failed", "refused user nobody", "change_password nobody");
        doctor.broker(address.replaceFirst("[^/]*$", "nowhere"));
        doctor.broken("rabbitmq reachable", "failed", "nowhere", "add_vhost nowhere");
        doctor.broker(address.replace("amqp:", "amqps:"));
        doctor.broken("rabbitmq reachable", "failed", "SSL", "spring.rabbitmq.ssl.bundle");

        put("users/reader", "{\"password\":\"reader-pw\",\"tags\":\"\"}");
        put(
                "permissions/%s/reader".formatted(stage.vhost),
                "{\"configure\":\"^outbox\\\\.events$\",\"write\":\"^$\",\"read\":\"^$\"}");
        doctor.broker(address.replaceFirst("//[^@]*@", "//reader:reader-pw@"));
        JsonNode reader = doctor.broken(
                "rabbitmq publishing", "failed", "access to exchange 'outbox.events'", "reader '^outbox\\.events$'");
        doctor.expect(reader, "rabbitmq confirm", "skipped", "may not make a temporary queue", null);
        doctor.expect(reader, "topology management", "failed", "401", "set_user_tags reader management");
        assertThat(reader.toString()).doesNotContain("reader-pw");
        doctor.broker(address);
        stage.properties.remove("relay.broker-management.url");
        doctor.broken("topology bindings", "skipped", "relay.broker-management.url is not set", null);
        doctor.softly.assertAll();
    }

    @Test
    void the_user_that_is_deployed_sees_a_confirm_where_nobody_gets_the_message() throws Exception {
        put("users/deployed", "{\"password\":\"deployed-pw\",\"tags\":\"management\"}");
        put(
                "permissions/%s/deployed".formatted(stage.vhost),
                "{\"configure\":\"^outbox\\\\.events$\",\"write\":\"^outbox\\\\.events$\",\"read\":\"^$\"}");
        doctor.broker(String.valueOf(stage.properties.get("spring.rabbitmq.addresses"))
                .replaceFirst("//[^@]*@", "//deployed:deployed-pw@"));
        doctor.broken("rabbitmq confirm", "ok", "no queue is bound for came back and was confirmed", null);

        stage.channel.queueBind("mail.parked", "outbox.events", "#");
        doctor.broken("rabbitmq confirm", "skipped", "any message to outbox.events reaches mail.parked", null);
        stage.channel.queueUnbind("mail.parked", "outbox.events", "#");
        stage.properties.remove("relay.broker-management.url");
        doctor.broken("rabbitmq confirm", "skipped", "may not make a temporary queue", null);
        doctor.softly.assertAll();
        assertThat(stage.channel.messageCount("mail.parked")).isZero();
        assertThat(stage.channel.messageCount("mail.orders")).isZero();
    }

    @Test
    void what_is_wrong_with_the_topology_is_named_with_its_fix() throws Exception {
        stage.channel.exchangeDeclare("straight", BuiltinExchangeType.DIRECT, true);
        doctor.broken(
                "rabbitmq exchange",
                "failed",
                "not a durable topic exchange",
                "relay.exchange",
                "--relay.exchange=straight");
        JsonNode nowhere = doctor.broken(
                "rabbitmq exchange", "warning", "is not there yet", "declare exchange", "--relay.exchange=nowhere");
        doctor.expect(nowhere, "topology bindings", "failed", "no queue is bound to nowhere", "declare binding");

        // It has not made it, to look at it.
        doctor.broken(
                "rabbitmq exchange", "warning", "is not there yet", "declare exchange", "--relay.exchange=nowhere");

        stage.insert("order-1", 2, "Order.Placed.Late", "{}");
        doctor.broken(
                "topology bindings", "failed", "for Order.Order.Placed.Late", "routing_key=Order.Order.Placed.Late");
        doctor.broken(
                "topology bindings", "warning", "go into quarantine", "declare binding", "--relay.unroutable=park");
        // A fanout exchange behind the topic takes them all.
        stage.channel.exchangeDeclare("audit", BuiltinExchangeType.FANOUT, true);
        stage.channel.exchangeBind("audit", "outbox.events", "Order.#");
        stage.channel.queueBind("mail.orders", "audit", "");
        doctor.broken("topology bindings", "ok", "Order.Order.Placed.Late, Order.OrderPlaced reach mail.orders", null);

        DoctorSetUp.declare(stage, "old", "classic", Map.of("x-max-length", 10, "x-overflow", "drop-head"));
        stage.channel.queueDeclare("dropping", true, false, false, Map.of("x-queue-type", "quorum"));
        stage.channel.queueBind("dropping", "outbox.events", "#");
        DoctorSetUp.declare(stage, "strayed", "quorum", Map.of("x-dead-letter-exchange", "gone"));
        JsonNode queues = doctor.broken("topology queues", "warning", "old is a classic queue", "quorum");
        doctor.expect(queues, "topology queues", "warning", "old drops its oldest events", "overflow=reject-publish");
        doctor.expect(queues, "topology dead letters", "warning", "dropping has no dead-letter-exchange", "set_policy");
        doctor.expect(queues, "topology dead letters", "warning", "gone, is not there", "declare exchange name=gone");
        doctor.expect(queues, "topology dead letters", "warning", "strayed dead-letters at most once", "at-least-once");
        stage.channel.queueDelete("strayed");
        doctor.softly.assertAll();
    }

    /** As the broker's administrator. */
    private void put(String path, String json) throws Exception {
        URI address = URI.create("http://127.0.0.1:%d/api/%s".formatted(stage.rabbit.managementPort(), path));
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        byte[] login = (stage.rabbit.username() + ":" + stage.rabbit.password()).getBytes(StandardCharsets.UTF_8);
        request.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        request.setRequestProperty("Connection", "close");
        request.setRequestMethod("PUT");
        request.setDoOutput(true);
        request.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        assertThat(request.getResponseCode()).isBetween(200, 204);
    }
}
