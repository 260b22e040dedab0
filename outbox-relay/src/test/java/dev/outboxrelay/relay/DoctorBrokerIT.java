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
import tools.jackson.databind.JsonNode;

/** {@code doctor} where something is wrong with RabbitMQ. */
class DoctorBrokerIT extends DoctorSetUp {

    @Test
    void what_is_wrong_with_the_way_to_rabbitmq_is_named_with_its_fix() throws Exception {
        String address = String.valueOf(stage.properties.get("spring.rabbitmq.addresses"));
        String closed = address.replace(":" + stages.rabbit().port(), ":" + Ports.free());
        broker(closed + "," + address);
        broken("rabbitmq reachable", "warning", "Connection refused", "Start RabbitMQ there");
        broker(closed);
        JsonNode down = broken("rabbitmq reachable", "failed", "Connection refused", "Start RabbitMQ there");
        expect(down, "rabbitmq exchange", "skipped", "'rabbitmq reachable' has failed", null);
        expect(down, "topology bindings", "ok", "Order.OrderPlaced reach mail.orders", null);
        broker(address.replaceFirst("//[^@]*@", "//nobody:wrong@"));
        broken("rabbitmq reachable", "failed", "refused user nobody", "change_password nobody");
        broker(address.replaceFirst("[^/]*$", "nowhere"));
        broken("rabbitmq reachable", "failed", "nowhere", "add_vhost nowhere");
        broker(address.replace("amqp:", "amqps:"));
        broken("rabbitmq reachable", "failed", "SSL", "spring.rabbitmq.ssl.bundle");

        put("users/reader", "{\"password\":\"reader-pw\",\"tags\":\"\"}");
        put(
                "permissions/%s/reader".formatted(stage.vhost),
                "{\"configure\":\"^outbox\\\\.events$\",\"write\":\"^$\",\"read\":\"^$\"}");
        broker(address.replaceFirst("//[^@]*@", "//reader:reader-pw@"));
        JsonNode reader = broken(
                "rabbitmq publishing", "failed", "access to exchange 'outbox.events'", "reader '^outbox\\.events$'");
        expect(reader, "rabbitmq confirm", "skipped", "may not make a temporary queue", null);
        expect(reader, "topology management", "failed", "401", "set_user_tags reader management");
        assertThat(reader.toString()).doesNotContain("reader-pw");
        broker(address);
        stage.properties.remove("relay.broker-management.url");
        broken("topology bindings", "skipped", "relay.broker-management.url is not set", null);
        softly.assertAll();
    }

    @Test
    void the_user_that_is_deployed_sees_a_confirm_where_nobody_gets_the_message() throws Exception {
        put("users/deployed", "{\"password\":\"deployed-pw\",\"tags\":\"management\"}");
        put(
                "permissions/%s/deployed".formatted(stage.vhost),
                "{\"configure\":\"^outbox\\\\.events$\",\"write\":\"^outbox\\\\.events$\",\"read\":\"^$\"}");
        broker(String.valueOf(stage.properties.get("spring.rabbitmq.addresses"))
                .replaceFirst("//[^@]*@", "//deployed:deployed-pw@"));
        broken("rabbitmq confirm", "ok", "no queue is bound for came back and was confirmed", null);

        stage.channel.queueBind("mail.parked", "outbox.events", "#");
        broken("rabbitmq confirm", "skipped", "any message to outbox.events reaches mail.parked", null);
        stage.channel.queueUnbind("mail.parked", "outbox.events", "#");
        stage.properties.remove("relay.broker-management.url");
        broken("rabbitmq confirm", "skipped", "may not make a temporary queue", null);
        softly.assertAll();
        assertThat(stage.channel.messageCount("mail.parked")).isZero();
        assertThat(stage.channel.messageCount("mail.orders")).isZero();
    }

    @Test
    void what_is_wrong_with_the_topology_is_named_with_its_fix() throws Exception {
        stage.channel.exchangeDeclare("straight", BuiltinExchangeType.DIRECT, true);
        broken(
                "rabbitmq exchange",
                "failed",
                "not a durable topic exchange",
                "relay.exchange",
                "--relay.exchange=straight");
        JsonNode nowhere = broken(
                "rabbitmq exchange", "warning", "is not there yet", "declare exchange", "--relay.exchange=nowhere");
        expect(nowhere, "topology bindings", "failed", "no queue is bound to nowhere", "declare binding");

        // It has not made it, to look at it.
        broken("rabbitmq exchange", "warning", "is not there yet", "declare exchange", "--relay.exchange=nowhere");

        stage.insert("order-1", 2, "Order.Placed.Late", "{}");
        broken("topology bindings", "failed", "for Order.Order.Placed.Late", "routing_key=Order.Order.Placed.Late");
        broken("topology bindings", "warning", "go into quarantine", "declare binding", "--relay.unroutable=park");
        // A fanout exchange behind the topic takes them all.
        stage.channel.exchangeDeclare("audit", BuiltinExchangeType.FANOUT, true);
        stage.channel.exchangeBind("audit", "outbox.events", "Order.#");
        stage.channel.queueBind("mail.orders", "audit", "");
        broken("topology bindings", "ok", "Order.Order.Placed.Late, Order.OrderPlaced reach mail.orders", null);

        declare(stage, "old", "classic", Map.of("x-max-length", 10, "x-overflow", "drop-head"));
        stage.channel.queueDeclare("dropping", true, false, false, Map.of("x-queue-type", "quorum"));
        stage.channel.queueBind("dropping", "outbox.events", "#");
        declare(stage, "strayed", "quorum", Map.of("x-dead-letter-exchange", "gone"));
        JsonNode queues = broken("topology queues", "warning", "old is a classic queue", "quorum");
        expect(queues, "topology queues", "warning", "old drops its oldest events", "overflow=reject-publish");
        expect(queues, "topology dead letters", "warning", "dropping has no dead-letter-exchange", "set_policy");
        expect(queues, "topology dead letters", "warning", "gone, is not there", "declare exchange name=gone");
        expect(queues, "topology dead letters", "warning", "strayed dead-letters at most once", "at-least-once");
        stage.channel.queueDelete("strayed");
        softly.assertAll();
    }

    /** As the broker's administrator. */
    private void put(String path, String json) throws Exception {
        URI address = URI.create(
                "http://127.0.0.1:%d/api/%s".formatted(stages.rabbit().managementPort(), path));
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        byte[] login = (stages.rabbit().username() + ":" + stages.rabbit().password()).getBytes(StandardCharsets.UTF_8);
        request.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        request.setRequestProperty("Connection", "close");
        request.setRequestMethod("PUT");
        request.setDoOutput(true);
        request.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        assertThat(request.getResponseCode()).isBetween(200, 204);
    }
}
