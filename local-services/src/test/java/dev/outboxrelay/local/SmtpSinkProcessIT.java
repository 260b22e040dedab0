package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmtpSinkProcessIT {

    @TempDir
    Path directory;

    @Test
    void a_killed_sink_has_all_that_it_acknowledged_and_is_the_same_to_its_clients() throws Exception {
        try (SmtpSinkProcess sink = SmtpSinkProcess.start(directory.resolve("smtp"))) {
            Path caFile = sink.caFile();
            send(sink, caFile, "王小明");
            sink.kill();
            assertThat(sink.isRunning()).isFalse();

            sink.start();

            send(sink, caFile, "<b>\"二\"");
            assertThat(get(sink.pageUri().resolve("/mails")))
                    .contains("\"id\":1,", "\"subject\":\"王小明\"", "\"orderId\":\"order-王小明\"")
                    .contains("\"id\":2,", "\"subject\":\"<b>\\\"二\\\"\"", "\"to\":[\"a@example.com\"]");
            assertThat(get(sink.pageUri().resolve("/mails?after=1")))
                    .doesNotContain("\"id\":1,")
                    .contains("\"id\":2,");
            assertThat(get(sink.pageUri().resolve("/mails/1"))).contains("From: shop@example.com");
            assertThat(get(sink.pageUri().resolve("/")))
                    .contains("2 mails received", "&lt;b&gt;")
                    .doesNotContain("<b>");

            assertThat(request("DELETE", sink.pageUri().resolve("/mails")).getResponseCode())
                    .isEqualTo(204);
            send(sink, caFile, "third");
            sink.restart();
            assertThat(get(sink.pageUri().resolve("/mails")))
                    .contains("\"id\":3,")
                    .doesNotContain("\"id\":1,");
            assertThat(answerTo(sink.pageUri(), "evil.example")).startsWith("HTTP/1.1 403");
        }
        assertThat(directory.resolve("smtp")).doesNotExist();
    }

    private static void send(SmtpSinkProcess sink, Path caFile, String subject) throws Exception {
        try (MailClient client = MailClient.connect(sink.port(), sink.username(), sink.password(), caFile)) {
            client.send("a@example.com", subject, "text");
        }
    }

    private static String get(URI address) throws IOException {
        HttpURLConnection request = request("GET", address);
        assertThat(request.getResponseCode()).isEqualTo(200);
        try (InputStream body = request.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpURLConnection request(String method, URI address) throws IOException {
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        request.setRequestMethod(method);
        return request;
    }

    private static String answerTo(URI address, String host) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write("GET /mails HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
