package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Database.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their time over a request, or end it early. */
class SlowClientIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension("--order-app.body-timeout=300ms");

    private static final String LAST_REQUEST = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private Rows before = new Rows(0, 0, 0);

    @BeforeEach
    void count() {
        before = app.database().rows();
    }

    @AfterEach
    void nothing_was_written() {
        assertThat(app.database().rows()).isEqualTo(before);
    }

    @Test
    void a_body_that_ends_early_is_400_and_no_incident() throws IOException {
        try (Socket socket = begun("/v1/orders", TestTokens.ALICE)) {
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
        }
    }

    /** A thread waits for each: without a limit, so many of them would be the end of the app, and they need no token. */
    @ParameterizedTest
    @CsvSource({"t0ken-of-alice, /v1/orders, 408", "unknown, /v1/orders, 401", "'', /livez, 405"})
    void a_body_that_comes_byte_by_byte_ends_with_its_connection_and_not_with_its_last_byte(
            String token, String path, int status) throws IOException {
        try (Socket socket = begun(path, token)) {
            assertThat(answerToDrops(socket)).startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t0ken-of-alice, /v1/orders, '1;a=', 400",
        "t0ken-of-alice, /v1/orders, '0|X: ', 400",
        "'', /livez, '1;a=', 405",
        "'', /livez, '0|X: ', 405"
    })
    void what_may_stand_beside_the_chunks_of_a_body_does_not_draw_it_out(
            String token, String path, String chunk, int status) throws IOException {
        try (Socket socket = begun(path, token, "Transfer-Encoding: chunked\r\n\r\n" + chunk.replace("|", "\r\n"))) {
            assertThat(answerToDrops(socket)).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void a_connection_goes_on_after_a_body_in_chunks() throws IOException {
        String chunks = "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n";
        try (Socket socket = begun("/v1/orders", "unknown", chunks)) {
            socket.getOutputStream().write(LAST_REQUEST.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401")
                    .contains("HTTP/1.1 200");
        }
    }

    /** Not by {@code server.tomcat.connection-timeout}, which is longer than the client is patient here. */
    @Test
    void a_body_of_which_nothing_comes_is_408_after_its_time() throws IOException {
        try (Socket socket = begun("/v1/orders", TestTokens.ALICE)) {
            socket.setSoTimeout(9_000);

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void a_connection_goes_on_after_a_refusal_that_did_not_need_the_body() throws IOException {
        try (Socket socket = begun("/v1/orders", "unknown")) {
            socket.getOutputStream().write(" ".repeat(59_999).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(LAST_REQUEST.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401")
                    .contains("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/[", "/v1/orders/[]"})
    void a_path_that_is_no_uri_is_400_and_makes_no_noise(String path) throws IOException {
        try (LogWatch log = new LogWatch();
                Socket socket = begun(path, TestTokens.ALICE)) {
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
            assertThat(log.lines()).isEmpty();
        }
    }

    /** A request whose body has begun, and has 59,999 bytes more. */
    private static Socket begun(String path, String token) throws IOException {
        return begun(path, token, "Content-Length: 60000\r\n\r\n{");
    }

    private static Socket begun(String path, String token, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.api().port());
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Sends a byte whenever there has been nothing to read for a moment, until the other side has had enough. */
    private static String answerToDrops(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        socket.setSoTimeout(20);
        int drops = 0;
        while (drops < 500) {
            try {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    return answer.toString();
                }
                answer.append((char) read);
            } catch (SocketTimeoutException nothing) {
                socket.getOutputStream().write(' ');
                drops++;
            } catch (SocketException closed) {
                return answer.toString();
            }
        }
        throw new AssertionError(
                "The connection goes on after " + drops + " bytes, one by one; until now it said: " + answer);
    }
}
