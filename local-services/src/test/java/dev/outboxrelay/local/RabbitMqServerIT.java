package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RabbitMqServerIT {

    @TempDir
    Path directory;

    @Test
    void a_client_can_publish_and_get_in_a_fresh_virtual_host() throws Exception {
        try (RabbitMqServer server = RabbitMqServer.start(directory.resolve("rabbit"))) {
            server.createVhost("t/1");
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(server.uri("t/1"));
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                String queue = channel.queueDeclare().getQueue();
                channel.basicPublish("", queue, null, "龙井茶".getBytes(StandardCharsets.UTF_8));
                assertThat(channel.basicGet(queue, true).getBody())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("龙井茶");
            }
            server.deleteVhost("t/1");
        }
    }
}
