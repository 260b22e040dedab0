package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultProxyTest {

    private EchoServer echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = EchoServer.start();
        proxy = FaultProxy.to("127.0.0.1", echo.port());
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void bytes_pass_unchanged_and_the_end_of_the_stream_too() throws IOException {
        byte[] much = new byte[5_000_000];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31);
        }
        try (Socket client = connect()) {
            Thread sender = new Thread(() -> {
                try {
                    client.getOutputStream().write(much);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
        }
        await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void a_cut_resets_connections_and_refuses_new_ones_until_healed() throws IOException {
        try (Socket client = connect()) {
            assertThat(roundTrip(client, 1)).isEqualTo(1);
            proxy.cut();
            assertThatThrownBy(() -> roundTrip(client, 2)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

        proxy.heal();

        try (Socket client = connect()) {
            assertThat(roundTrip(client, 3)).isEqualTo(3);
        }
    }

    @Test
    void a_frozen_connection_stays_open_and_goes_on_when_healed() throws IOException {
        try (Socket client = connect()) {
            proxy.freeze(Direction.BOTH);
            client.getOutputStream().write(7);
            client.setSoTimeout(100);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.heal();

            client.setSoTimeout(5_000);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void a_connection_that_is_ended_after_so_many_bytes_ends_in_good_order_and_the_next_one_does_not()
            throws IOException {
        proxy.endAfter(3, Direction.TO_CLIENT);
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[] {1, 2, 3, 4, 5});
            assertThat(client.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
        }
        try (Socket client = connect()) {
            assertThat(roundTrip(client, 6)).isEqualTo(6);
        }
    }

    @Test
    void answers_can_be_held_back_while_requests_arrive() throws IOException {
        try (Socket client = connect()) {
            proxy.freeze(Direction.TO_CLIENT);
            client.getOutputStream().write(9);
            await().untilAsserted(() -> assertThat(echo.received()).isEqualTo(1));
            client.setSoTimeout(100);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void a_delay_adds_latency_in_its_direction_without_reordering() throws IOException {
        try (Socket client = connect()) {
            proxy.delay(Duration.ofMillis(150), Direction.TO_SERVER);
            long begin = System.nanoTime();
            for (int i = 1; i <= 20; i++) {
                client.getOutputStream().write(i);
            }
            for (int i = 1; i <= 20; i++) {
                assertThat(client.getInputStream().read()).isEqualTo(i);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(150), Duration.ofMillis(1_500));
        }
    }

    @Test
    void a_server_that_is_down_looks_like_one_that_hangs_up() throws IOException {
        echo.close();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> roundTrip(client, 1)).isInstanceOf(IOException.class);
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static int roundTrip(Socket client, int value) throws IOException {
        client.setSoTimeout(5_000);
        client.getOutputStream().write(value);
        int answer = client.getInputStream().read();
        if (answer < 0) {
            throw new IOException("closed");
        }
        return answer;
    }
}
