package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.ParkReason;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.settings.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SmtpMailerTest {
    private final ScriptedSmtp server;
    private final List<AutoCloseable> open = new ArrayList<>();

    SmtpMailerTest() throws IOException {
        server = new ScriptedSmtp();
        open.add(server);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "greeting, 554 5.3.2 no, Unavailable",
        "greeting, 421 4.3.2 not now, Unavailable",
        "greeting, cut, Unavailable",
        "EHLO, cut, Unavailable",
        "AUTH, 535 5.7.8 who are you, Unavailable",
        "AUTH, 454 4.7.0 later, Unavailable",
        "AUTH, cut, Unavailable",
        "MAIL, 530 5.7.0 log in first, Unavailable",
        "MAIL, 550 5.7.1 not you, Refused",
        "MAIL, 451 4.3.0 later, Deferred",
        "MAIL, 421 4.3.2 closing, Throttled",
        "MAIL, cut, Deferred",
        "RCPT, 550 5.1.1 no such user, Refused",
        "RCPT, 553 5.1.3 bad address, Refused",
        "RCPT, 450 4.2.1 greylisted, Deferred",
        "RCPT, 452 4.2.2 full, Deferred",
        "RCPT, 421 4.7.0 too many, Throttled",
        "RCPT, 454 4.7.0 slow down, Throttled",
        "RCPT, cut, Deferred",
        "DATA, 554 5.7.1 spam, Refused",
        "DATA, 451 4.3.0 later, Deferred",
        "DATA, 454 4.7.0 throttling, Throttled",
        "DATA, cut, Deferred",
        "., 554 5.6.0 bad content, Refused",
        "., 552 5.3.4 too big, Refused",
        "., 451 4.3.0 later, Deferred",
        "., 454 4.7.0 throttling, Throttled",
        "., 421 4.3.2 closing, Throttled",
        "., 251 taken and forwarded, Accepted",
        "., gibberish, Unknown",
        "., cut, Unknown"
    })
    void every_reply_at_every_command_has_its_class(String command, String reply, String outcome) throws Exception {
        server.says(command, reply);

        SendOutcome got = mailer().send(letter(), soon());

        assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
        if (got instanceof SendOutcome.Refused refused) {
            assertThat(refused.detail()).isEqualTo(reply);
            assertThat(refused.reason()).isEqualTo(ParkReason.REFUSED);
        }
        if (got instanceof SendOutcome.Deferred deferred && !reply.equals("cut")) {
            assertThat(deferred.reply()).isEqualTo(reply);
        }
    }

    @ParameterizedTest
    @CsvSource({"greeting, Unavailable", "MAIL, Deferred", "RCPT, Deferred", "DATA, Deferred", "., Unknown"})
    void a_server_that_says_nothing_is_waited_for_as_long_as_the_timeout(String command, String outcome)
            throws Exception {
        server.hangsAt(command);

        SendOutcome got = mailer("spring.mail.properties.mail.smtp.timeout=200").send(letter(), soon());

        assertThat(got.getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void a_server_that_keeps_the_timeouts_but_not_the_deadline_is_cut_off() throws Exception {
        server.hangsAt("DATA");

        SendOutcome got = mailer("mail-worker.smtp.deadline=200ms").send(letter(), soon());

        assertThat(got).isInstanceOf(SendOutcome.Deferred.class);
    }

    @Test
    void a_server_without_starttls_is_told_neither_password_nor_mail() throws Exception {
        SendOutcome got = mailer("spring.mail.properties.mail.smtp.starttls.required=true")
                .send(letter(), soon());

        assertThat(((SendOutcome.Unavailable) got).cause()).contains("STARTTLS");
        assertThat(server.count("AUTH") + server.count("MAIL")).isZero();
    }

    @Test
    void nothing_is_sent_after_the_end_of_the_claim() throws Exception {
        SmtpMailer mailer = mailer("mail-worker.smtp.rate=1");
        mailer.send(letter(), soon());

        SendOutcome got =
                mailer.send(letter(), System.nanoTime() + Duration.ofMillis(100).toNanos());

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        assertThat(server.mails()).hasSize(1);
    }

    @Test
    void many_mails_go_over_one_connection_with_one_login() throws Exception {
        SmtpMailer mailer = mailer();

        for (int i = 0; i < 50; i++) {
            assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Accepted.class);
        }

        assertThat(server.mails()).hasSize(50);
        assertThat(server.count("EHLO")).isEqualTo(1);
        assertThat(server.count("AUTH")).isEqualTo(1);
        assertThat(server.count("NOOP")).isZero();
    }

    @Test
    void a_connection_is_replaced_after_so_many_mails() throws Exception {
        SmtpMailer mailer = mailer("mail-worker.smtp.max-per-connection=10");

        for (int i = 0; i < 30; i++) {
            mailer.send(letter(), soon());
        }

        assertThat(server.count("greeting")).isEqualTo(3);
        assertThat(server.count("QUIT")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_refusal_does_not_cost_the_connection() throws Exception {
        server.says("RCPT", "550 5.1.1 no", "450 4.2.1 later");
        SmtpMailer mailer = mailer();

        assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Refused.class);
        assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Deferred.class);
        assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(server.count("greeting")).isEqualTo(1);
    }

    @Test
    void a_kept_connection_that_the_server_has_closed_is_replaced_without_notice() throws Exception {
        SmtpMailer mailer = mailer();
        mailer.send(letter(), soon());
        server.hangUp();

        assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Accepted.class);
        server.says("MAIL", "421 4.4.2 idle for too long");
        assertThat(mailer.send(letter(), soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(server.mails()).hasSize(3);
        assertThat(server.count("greeting")).isEqualTo(3);
    }

    @Test
    void an_idle_connection_is_closed_before_the_server_would_do_it() throws Exception {
        SmtpMailer mailer = mailer("mail-worker.smtp.max-idle=20ms");
        mailer.send(letter(), soon());

        await().until(() -> server.count("QUIT") == 1);
    }

    @Test
    void a_server_with_room_for_no_further_connection_slows_down_and_does_not_pause() throws Exception {
        SmtpMailer mailer = mailer();
        server.hangsAt("MAIL");
        Thread busy = new Thread(() -> {
            try {
                mailer.send(letter(), soon());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.start();
        await().until(() -> server.count("MAIL") == 1);

        server.says("greeting", "421 4.7.0 too many connections");
        SendOutcome got = mailer.send(letter(), soon());

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        server.hangUp();
        busy.join(10_000);
    }

    @Test
    void a_copy_that_is_refused_does_not_keep_the_mail_from_its_recipient() throws Exception {
        server.says("RCPT", "250 ok", "550 5.1.1 archive is gone");

        SendOutcome got = mailer("mail-worker.bcc=archive@tea.example").send(letter(), soon());

        assertThat(((SendOutcome.Accepted) got).reply())
                .startsWith("250 2.0.0 taken")
                .contains("550 5.1.1 archive is gone");
        assertThat(server.mails()).hasSize(1);
        assertThat(server.commands().stream().filter(line -> line.startsWith("RCPT")))
                .containsExactly("RCPT TO:<a@example.com>", "RCPT TO:<archive@tea.example>", "RCPT TO:<a@example.com>");
    }

    @Test
    void a_recipient_that_is_refused_is_not_made_good_by_the_copy() throws Exception {
        server.says("RCPT", "450 4.2.1 greylisted", "250 ok");

        SendOutcome got = mailer("mail-worker.bcc=archive@tea.example").send(letter(), soon());

        assertThat(got).isEqualTo(new SendOutcome.Deferred("450 4.2.1 greylisted"));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void a_blind_copy_is_not_in_the_mail() throws Exception {
        mailer("mail-worker.bcc=archive@tea.example").send(letter(), soon());

        assertThat(server.mails().get(0)).doesNotContain("archive@tea.example");
    }

    @Test
    void the_event_id_is_in_a_header_of_the_providers_choice() throws Exception {
        mailer("mail-worker.idempotency-header=Idempotency-Key", "mail-worker.reply-to=help@tea.example")
                .send(letter(), soon());

        assertThat(server.mails().get(0))
                .contains(
                        "Idempotency-Key: event-1\r\n",
                        "Reply-To: help@tea.example\r\n",
                        "Auto-Submitted: auto-generated\r\n");
    }

    @Test
    void an_address_in_another_script_goes_to_a_server_that_takes_it() throws Exception {
        server.offers("SMTPUTF8");
        SmtpMailer mailer = mailer();

        assertThat(mailer.send(letter("小明@例子.example"), soon())).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(mailer.send(letter("a@example.com"), soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(server.commands())
                .contains(
                        "MAIL FROM:<orders@tea.example> SMTPUTF8",
                        "RCPT TO:<小明@xn--fsqu00a.example>",
                        "MAIL FROM:<orders@tea.example>");
        assertThat(server.mails().get(0)).contains("To: 小明@xn--fsqu00a.example");
    }

    @Test
    void and_is_refused_for_one_that_does_not() throws Exception {
        SendOutcome got = mailer().send(letter("小明@example.com"), soon());

        assertThat(got).isInstanceOf(SendOutcome.Refused.class);
        assertThat(((SendOutcome.Refused) got).detail()).contains("SMTPUTF8");
        assertThat(server.count("MAIL")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "@example.com",
                "a@",
                "a@b@example.com",
                "a b@example.com",
                "a@example.com,b@example.com",
                "a@example.com\r\nBcc: b@example.com",
                "a@example.com\n",
                " a@example.com",
                "a@exa mple.com",
                "a@.com",
                "<a@example.com>, <b@example.com>",
                "group: a@example.com;"
            })
    void what_cannot_be_an_address_is_refused_and_never_sent(String address) throws Exception {
        SendOutcome got = mailer().send(letter(address), soon());

        assertThat(got).isInstanceOf(SendOutcome.Refused.class);
        assertThat(((SendOutcome.Refused) got).reason()).isEqualTo(ParkReason.BAD_ADDRESS);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void a_line_end_in_a_header_is_refused() throws Exception {
        SmtpMailer mailer = mailer();
        Letter subject = new Letter(
                "event-1", "a@example.com", "Hi\r\nBcc: b@example.com", "text", "html", Optional.empty(), Map.of());
        Letter header = new Letter(
                "event-1", "a@example.com", "Hi", "text", "html", Optional.empty(), Map.of("X-Order-Id", "1\n2"));

        assertThat(mailer.send(subject, soon())).isInstanceOf(SendOutcome.Refused.class);
        assertThat(mailer.send(header, soon())).isInstanceOf(SendOutcome.Refused.class);
    }

    private SmtpMailer mailer(String... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.datasource.url", "jdbc:mysql://unused/mail");
        properties.put("spring.mail.host", "127.0.0.1");
        properties.put("spring.mail.port", server.port());
        properties.put("spring.mail.username", "shop");
        properties.put("spring.mail.password", "secret");
        properties.put("spring.mail.properties.mail.smtp.starttls.required", "false");
        properties.put("mail-worker.from", "Tea House <orders@tea.example>");
        for (String one : more) {
            properties.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        WorkerSettings settings = WorkerSettings.read(environment);
        SmtpMailer mailer =
                new SmtpMailer(settings.smtp(), settings.letter(), null, new SimpleMeterRegistry(), Clock.systemUTC());
        open.add(mailer);
        return mailer;
    }

    private static Letter letter() {
        return letter("a@example.com");
    }

    private static Letter letter(String to) {
        return new Letter("event-1", to, "您的订单", "文本", "<p>文本</p>", Optional.empty(), Map.of("X-Order-Id", "4711"));
    }

    private static long soon() {
        return System.nanoTime() + Duration.ofSeconds(20).toNanos();
    }
}
