package dev.outboxrelay.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.mail.SendOutcome;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

class SmtpConnectionsTest {
    @RegisterExtension
    private final SmtpRig smtp = new SmtpRig();

    @Test
    void a_server_without_starttls_is_told_neither_password_nor_mail() throws Exception {
        SendOutcome got = smtp.mailer("spring.mail.properties.mail.smtp.starttls.required=true")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(((SendOutcome.Unavailable) got).cause()).contains("STARTTLS");
        assertThat(smtp.server().count("AUTH") + smtp.server().count("MAIL")).isZero();
    }

    @Test
    void nothing_is_sent_after_the_end_of_the_claim() throws Exception {
        SmtpMailer mailer = smtp.mailer("mail-worker.smtp.rate=1");
        mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        SendOutcome got = mailer.prepare(SmtpRig.letter())
                .send(System.nanoTime() + Duration.ofMillis(100).toNanos());

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        assertThat(smtp.server().mails()).hasSize(1);
    }

    @Test
    void a_claim_that_was_granted_too_late_costs_no_attempt_and_sends_nothing() throws Exception {
        SendOutcome got = smtp.mailer().prepare(SmtpRig.letter()).send(System.nanoTime() - 1);

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        assertThat(smtp.server().commands()).isEmpty();
    }

    @Test
    void a_server_that_asks_for_less_gets_less() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        smtp.server().says(".", "454 4.7.0 throttling", "421 4.7.0 too many", "454 4.7.0 throttling");
        for (int i = 0; i < 3; i++) {
            assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Throttled.class);
        }
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);

        SendOutcome tooSoon = mailer.prepare(SmtpRig.letter())
                .send(System.nanoTime() + Duration.ofMillis(100).toNanos());

        assertThat(tooSoon).isInstanceOf(SendOutcome.Throttled.class);
        assertThat(smtp.server().count(".")).isEqualTo(4);
    }

    @Test
    void many_mails_go_over_one_connection_with_one_login() throws Exception {
        SmtpMailer mailer = smtp.mailer();

        for (int i = 0; i < 50; i++) {
            assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        }

        assertThat(smtp.server().mails()).hasSize(50);
        assertThat(smtp.server().count("EHLO")).isEqualTo(1);
        assertThat(smtp.server().count("AUTH")).isEqualTo(1);
        assertThat(smtp.server().count("NOOP")).isZero();
    }

    @Test
    void a_connection_is_replaced_after_so_many_mails() throws Exception {
        SmtpMailer mailer = smtp.mailer("mail-worker.smtp.max-per-connection=10");

        for (int i = 0; i < 30; i++) {
            mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());
        }

        assertThat(smtp.server().count("greeting")).isEqualTo(3);
        assertThat(smtp.server().count("QUIT")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_kept_connection_that_the_server_has_closed_is_replaced_without_notice() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());
        smtp.server().hangUp();

        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        smtp.server().says("MAIL", "421 4.4.2 idle for too long");
        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);

        assertThat(smtp.server().mails()).hasSize(3);
        assertThat(smtp.server().count("greeting")).isEqualTo(3);
    }

    @Test
    void a_server_that_takes_so_many_mails_over_a_connection_gets_the_next_over_another_one() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        for (int i = 0; i < 3; i++) {
            mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());
            smtp.server().says("MAIL", "452 4.7.0 so many over this connection");

            assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Accepted.class);
        }

        assertThat(smtp.server().mails()).hasSize(6);
        assertThat(smtp.server().count("greeting")).isEqualTo(4);
    }

    @Test
    void a_server_that_takes_no_mail_at_present_is_asked_over_one_more_connection_and_not_over_all() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        keepThree(mailer);
        smtp.server().says("MAIL", "452 4.3.1 not now", "452 4.3.1 not now", "452 4.3.1 not now");

        SendOutcome first = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());
        SendOutcome second = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(first).isInstanceOf(SendOutcome.Deferred.class);
        assertThat(second).isInstanceOf(SendOutcome.Deferred.class);
        assertThat(smtp.server().count("MAIL")).isEqualTo(3 + 3);
        assertThat(smtp.server().count("greeting")).isEqualTo(3 + 1);
    }

    private void keepThree(SmtpMailer mailer) throws Exception {
        smtp.server().waitsAt(".", 3);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<SendOutcome> send = () -> mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());
            for (Future<SendOutcome> one : threads.invokeAll(Collections.nCopies(3, send))) {
                assertThat(one.get()).isInstanceOf(SendOutcome.Accepted.class);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void an_idle_connection_is_closed_before_the_server_would_do_it() throws Exception {
        SmtpMailer mailer = smtp.mailer("mail-worker.smtp.max-idle=20ms");
        mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        await().until(() -> smtp.server().count("QUIT") == 1);
    }

    @Test
    @Timeout(30)
    void a_server_that_does_not_answer_to_quit_holds_up_no_deadline() throws Exception {
        SmtpMailer mailer = smtp.mailer(
                "mail-worker.smtp.max-idle=20ms",
                "mail-worker.smtp.deadline=500ms",
                "spring.mail.properties.mail.smtp.timeout=600000");
        smtp.server().hangsAt("QUIT").hangsAt("MAIL");
        assertThat(mailer.obstacle()).isEmpty();
        await().until(() -> smtp.server().count("QUIT") == 1);

        assertThat(mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon())).isInstanceOf(SendOutcome.Deferred.class);
    }

    @Test
    void a_server_with_room_for_no_further_connection_slows_down_and_does_not_pause() throws Exception {
        SmtpMailer mailer = smtp.mailer();
        smtp.server().hangsAt("MAIL");
        Thread busy = smtp.sending(mailer);

        smtp.server().says("greeting", "421 4.7.0 too many connections");
        SendOutcome got = mailer.prepare(SmtpRig.letter()).send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Throttled.class);
        smtp.server().hangUp();
        busy.join(10_000);
    }

    @Test
    void a_server_without_logins_gets_no_mail_but_where_that_is_wanted_and_says_so() throws Exception {
        smtp.server().withoutLogin();

        SendOutcome got = smtp.mailer().prepare(SmtpRig.letter()).send(SmtpRig.soon());
        SendOutcome open = smtp.mailer("spring.mail.properties.mail.smtp.auth=false")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(((SendOutcome.Unavailable) got).cause())
                .contains("offers no login (AUTH)", "spring.mail.properties.mail.smtp.auth=false");
        assertThat(open).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(smtp.server().mails()).hasSize(1);
    }

    @Test
    void no_login_is_tried_where_it_is_switched_off_although_there_is_a_password() throws Exception {
        SendOutcome got = smtp.mailer("spring.mail.properties.mail.smtp.auth=false")
                .prepare(SmtpRig.letter())
                .send(SmtpRig.soon());

        assertThat(got).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(smtp.server().count("AUTH")).isZero();
    }
}
