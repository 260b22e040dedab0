package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RabbitMqServerIT {

    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

    @TempDir
    static Path directory;

    private static RabbitMqServer server;

    @BeforeAll
    static void start() {
        server = RabbitMqServer.builder().cookie("shared-by-two-nodes").start(directory.resolve("rabbit"));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void a_client_can_publish_and_get_in_a_fresh_virtual_host() throws Exception {
        server.createVhost("t/1");
        server.createVhost("t/1");
        try (Connection connection = connect(server, "t/1");
                Channel channel = connection.createChannel()) {
            String queue = channel.queueDeclare().getQueue();
            channel.basicPublish("", queue, null, bytes("龙井茶"));
            assertThat(body(channel.basicGet(queue, true))).isEqualTo("龙井茶");
        }
        server.deleteVhost("t/1");
        assertThatThrownBy(() -> connect(server, "t/1")).isInstanceOf(Exception.class);
    }

    @Test
    void there_is_no_guest() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(server.port());
        assertThatThrownBy(factory::newConnection).isInstanceOf(PossibleAuthenticationFailureException.class);
    }

    @Test
    void events_can_be_spread_by_consistent_hash() throws Exception {
        try (Connection connection = connect(server, "/");
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("spread", "x-consistent-hash");
            channel.exchangeDelete("spread");
        }
    }

    @Test
    void what_a_quorum_queue_confirmed_is_there_after_a_kill_on_the_same_port() throws Exception {
        int port = server.port();
        try (Connection connection = connect(server, "/");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("durable", true, false, false, QUORUM);
            channel.confirmSelect();
            channel.basicPublish("", "durable", MessageProperties.PERSISTENT_BASIC, bytes("kept"));
            channel.waitForConfirmsOrDie(10_000);
        }
        await().until(RabbitMqServerIT::declarationsAreOnDisk);
        server.kill();
        server.kill();
        assertThat(server.isRunning()).isFalse();

        server.start();

        assertThat(server.port()).isEqualTo(port);
        try (Connection connection = connect(server, "/");
                Channel channel = connection.createChannel()) {
            assertThat(body(channel.basicGet("durable", true))).isEqualTo("kept");
        }
    }

    @Test
    void while_frozen_it_is_silent_and_then_goes_on() throws Exception {
        ConnectionFactory impatient = new ConnectionFactory();
        impatient.setUri(server.uri());
        impatient.setHandshakeTimeout(300);

        server.freeze();
        assertThat(server.isRunning()).isTrue();
        assertThatThrownBy(impatient::newConnection).isInstanceOf(Exception.class);
        server.thaw();

        try (Connection connection = connect(server, "/")) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void two_nodes_with_one_cookie_form_a_cluster() {
        RabbitMqOptions options = RabbitMqServer.builder().cookie("shared-by-two-nodes");
        try (RabbitMqServer second = options.start(directory.resolve("second"))) {
            second.control("stop_app");
            second.control("join_cluster", server.nodeName());
            second.control("start_app");
            assertThat(server.control("cluster_status", "--formatter", "json"))
                    .contains("\"running_nodes\"")
                    .contains(second.nodeName());
            second.control("stop_app");
            server.control("forget_cluster_node", second.nodeName());
        }
        assertThat(server.isRunning()).isTrue();
        assertThat(directory.resolve("second")).doesNotExist();
    }

    /**
     * RabbitMQ writes the names of quorum queues to disk half a second after they were declared; of one that it cannot name
     * after a kill it loses what it confirmed.
     */
    private static boolean declarationsAreOnDisk() throws IOException {
        Path node = directory.resolve("rabbit/data").resolve(server.nodeName());
        Path quorum = node.resolve("quorum").resolve(server.nodeName());
        String names = Files.readString(quorum.resolve("names.dets"), StandardCharsets.ISO_8859_1);
        try (Stream<Path> queues = Files.list(quorum)) {
            return queues.filter(Files::isDirectory)
                    .allMatch(queue -> names.contains(String.valueOf(queue.getFileName())));
        }
    }

    private static Connection connect(RabbitMqServer to, String vhost) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(to.uri(vhost));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String body(GetResponse response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }
}
