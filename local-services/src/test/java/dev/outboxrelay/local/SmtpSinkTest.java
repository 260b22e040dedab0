package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SmtpSinkTest {

    private SmtpSink sink;

    @BeforeEach
    void start() {
        sink = SmtpSink.start();
    }

    @AfterEach
    void end() {
        sink.close();
    }

    @Test
    void a_mail_arrives_byte_for_byte_and_can_be_read() throws Exception {
        String text = "龙井茶 × 2\n.\n..结束\n" + "长".repeat(3_000) + "\n";
        MimeMessage sent;
        try (MailClient client = MailClient.connect(sink)) {
            sent = client.send("xiaoming@example.com", "王小明的订单", text);
        }

        assertThat(sink.awaitCount(1, Duration.ofSeconds(5))).singleElement().satisfies(mail -> {
            assertThat(mail.from()).isEqualTo("shop@example.com");
            assertThat(mail.recipients()).containsExactly("xiaoming@example.com");
            assertThat(mail.subject()).isEqualTo("王小明的订单");
            assertThat(mail.textBody()).isEqualToNormalizingNewlines(text);
            assertThat(mail.raw()).isEqualTo(bytes(sent));
        });
    }

    @Test
    void who_has_not_switched_to_tls_or_not_logged_in_is_refused() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
            assertThat(say(socket, "EHLO x", "MAIL FROM:<a@example.com>", "AUTH PLAIN AGEAYg=="))
                    .contains("250-STARTTLS")
                    .filteredOn(line -> line.startsWith("530"))
                    .hasSize(2);
        }
        assertThatThrownBy(() -> MailClient.connect(sink.port(), sink.username(), "wrong", sink.caFile()))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void a_recipient_can_be_refused_without_harm_to_the_next() throws Exception {
        sink.onRecipient(recipient -> recipient.startsWith("nobody")
                ? new SmtpAnswer.Reject(550, "5.1.1 No such user")
                : new SmtpAnswer.Accept());
        try (MailClient client = MailClient.connect(sink)) {
            assertThatThrownBy(() -> client.send("nobody@example.com", "a", "a"))
                    .rootCause()
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("550 5.1.1");
            client.send("somebody@example.com", "b", "b");
        }
        assertThat(sink.mails()).extracting(ReceivedMail::subject).containsExactly("b");
    }

    @Test
    void a_message_can_be_refused_for_now_and_is_not_kept() throws Exception {
        sink.onMail(mail -> new SmtpAnswer.Reject(451, "4.3.0 Later"));
        try (MailClient client = MailClient.connect(sink)) {
            assertThatThrownBy(() -> client.send("a@example.com", "a", "a")).hasMessageContaining("451 4.3.0");
            sink.clear();
            client.send("a@example.com", "b", "b");
        }
        assertThat(sink.mails()).extracting(ReceivedMail::subject).containsExactly("b");
    }

    @Test
    void a_mail_can_be_kept_although_the_sender_never_hears_of_it() throws Exception {
        sink.onMail(mail -> new SmtpAnswer.AcceptSilently());
        try (MailClient client = MailClient.connect(sink)) {
            assertThatThrownBy(() -> client.send("a@example.com", "kept", "a")).isInstanceOf(MessagingException.class);
        }
        assertThat(sink.mails()).extracting(ReceivedMail::subject).containsExactly("kept");
    }

    @Test
    void a_connection_can_be_dropped_and_nothing_kept() throws Exception {
        sink.onMail(mail -> new SmtpAnswer.Drop());
        try (MailClient client = MailClient.connect(sink)) {
            assertThatThrownBy(() -> client.send("a@example.com", "lost", "a")).isInstanceOf(MessagingException.class);
        }
        assertThat(sink.mails()).isEmpty();
    }

    @Test
    void a_sink_that_stopped_listens_again_with_the_same_port_certificate_and_mails() throws Exception {
        try (MailClient client = MailClient.connect(sink)) {
            client.send("a@example.com", "a", "a");
            sink.stop();
            sink.stop();
            assertThatThrownBy(() -> client.send("a@example.com", "x", "x")).isInstanceOf(MessagingException.class);
        }
        assertThat(Ports.accepts(sink.port())).isFalse();

        sink.listen();

        try (MailClient client = MailClient.connect(sink)) {
            client.send("a@example.com", "b", "b");
        }
        assertThat(sink.mails()).extracting(ReceivedMail::subject).containsExactly("a", "b");
    }

    @Test
    void it_takes_three_thousand_mails_in_less_than_a_minute() {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            clients.add(CompletableFuture.runAsync(() -> sendMany(600)));
        }
        clients.forEach(CompletableFuture::join);
        assertThat(sink.mails()).hasSize(3_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
    }

    private void sendMany(int count) {
        try (MailClient client = MailClient.connect(sink)) {
            for (int i = 0; i < count; i++) {
                client.send("a@example.com", "订单 " + i, "龙井茶\n".repeat(50));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(MimeMessage message) throws IOException, MessagingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.writeTo(bytes);
        // SMTP ends every message with a line end, whether it had one or not.
        bytes.writeBytes(new byte[] {'\r', '\n'});
        return bytes.toByteArray();
    }

    /** The lines that the server says to these commands, each sent when the reply before is complete. */
    private static List<String> say(Socket socket, String... commands) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        List<String> lines = new ArrayList<>();
        readReply(reader, lines);
        for (String command : commands) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            readReply(reader, lines);
        }
        return lines;
    }

    private static void readReply(BufferedReader reader, List<String> lines) throws IOException {
        String line;
        do {
            line = reader.readLine();
            lines.add(line);
        } while (line != null && line.length() > 3 && line.charAt(3) == '-');
    }
}
