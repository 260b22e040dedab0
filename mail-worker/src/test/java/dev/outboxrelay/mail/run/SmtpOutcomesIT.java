package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpAnswer;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What follows from what the mail server says, or does not say. */
class SmtpOutcomesIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void a_temporary_refusal_is_tried_again_in_hand_and_then_from_the_delayed_queue() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        rig.sink()
                .onMail(mail -> tries.incrementAndGet() <= 4
                        ? new SmtpAnswer.Reject(451, "4.3.0 try again later")
                        : new SmtpAnswer.Accept());
        Worker worker = rig.worker();

        rig.publish(Event.placed());

        assertThat(rig.sink().awaitCount(1, WITHIN)).hasSize(1);
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        assertThat(rig.rows("MAX(attempts)")).isEqualTo(5);
        assertThat(worker.count("retried")).isEqualTo(4);
    }

    @Test
    void a_mail_that_is_refused_until_it_is_too_old_is_parked_with_reply_and_attempts() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.Reject(452, "4.2.2 mailbox full"));
        rig.worker("mail-worker.retry.max-age=1s");
        Event event = Event.placed();

        rig.publish(event);

        await().atMost(WITHIN).until(() -> rig.inState("FAILED") == 1);
        Queues.Parked parked = rig.queues().awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(event.id());
        assertThat(parked.properties().getType()).isEqualTo("OrderPlaced");
        assertThat(parked.body()).isEqualTo(event.body());
        assertThat(parked.header("parked-reason")).isEqualTo("EXPIRED");
        assertThat(parked.header("parked-reply")).isEqualTo("452 4.2.2 mailbox full");
        assertThat(Integer.parseInt(parked.header("mail-attempts"))).isGreaterThan(2);
        assertThat(parked.properties().getHeaders()).containsKeys("parked-first-at", "parked-at");
        assertThat(parked.header("traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void a_mail_refused_for_good_is_parked_at_once_and_the_next_one_is_sent() throws Exception {
        rig.sink()
                .onRecipient(recipient -> recipient.startsWith("nobody")
                        ? new SmtpAnswer.Reject(550, "5.1.1 no such user" + "!".repeat(200_000))
                        : new SmtpAnswer.Accept());
        rig.worker();
        Event dead = Event.placed().to("nobody@example.com");
        Event good = Event.placed();

        rig.publish(dead, good);

        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(good.id());
        Queues.Parked parked = rig.queues().awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(dead.id());
        assertThat(parked.header("parked-reason")).isEqualTo("REFUSED");
        assertThat(parked.header("parked-reply"))
                .startsWith("550 5.1.1 no such user!!!")
                .hasSize(1000);
        assertThat(parked.header("mail-attempts")).isEqualTo("1");
    }

    @Test
    void a_mail_whose_reply_was_lost_is_counted_as_unknown_and_sent_again_under_the_same_message_id() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        rig.sink()
                .onMail(mail ->
                        tries.incrementAndGet() == 1 ? new SmtpAnswer.AcceptSilently() : new SmtpAnswer.Accept());
        Worker worker = rig.worker();
        Event event = Event.placed();

        try (LogLines log = new LogLines()) {
            rig.publish(event);
            await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
            assertThat(log.warningsOf(event))
                    .singleElement()
                    .asString()
                    .contains("may have been sent, outcome UNKNOWN", "sent again in");
        }

        List<ReceivedMail> mails = rig.sink().awaitCount(2, WITHIN);
        assertThat(mails).extracting(mail -> mail.header("Message-ID")).hasSize(2);
        assertThat(mails.get(0).header("Message-ID")).isEqualTo(mails.get(1).header("Message-ID"));
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(1);
        assertThat(worker.count("unknown")).isEqualTo(1);
    }

    @Test
    void a_mail_whose_reply_is_lost_every_time_is_not_sent_for_ever() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown-resends=2");

        rig.publish(Event.placed());

        assertThat(rig.queues().awaitParked(1).get(0).header("parked-reason")).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(rig.sink().mails()).hasSize(3);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(3);
        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
    }

    @Test
    void with_the_policy_park_a_mail_whose_reply_was_lost_is_counted_as_unknown_and_not_sent_again() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.AcceptSilently());
        Worker worker = rig.worker("mail-worker.unknown=park");
        Event event = Event.placed();

        try (LogLines log = new LogLines()) {
            rig.publish(event);
            assertThat(rig.queues().awaitParked(1).get(0).header("parked-reason"))
                    .isEqualTo("UNKNOWN_OUTCOME");
            assertThat(log.warningsOf(event))
                    .containsExactly("Message " + event.id() + " parked after 1 attempts: UNKNOWN_OUTCOME");
        }

        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(1);
        assertThat(worker.count("unknown")).isEqualTo(1);
        assertThat(worker.get("/actuator/prometheus").body())
                .contains("mail_worker_parked_total{reason=\"unknown_outcome\"} 1.0");
        assertThat(rig.sink().mails()).hasSize(1);
    }

    @Test
    void while_the_mail_server_is_away_nothing_is_consumed_and_no_attempt_is_used_up() throws Exception {
        Worker worker = rig.worker();
        rig.sink().stop();
        rig.publish(Event.placed(5));

        worker.awaitState(ConsumerState.PAUSED);
        assertThat(worker.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(worker.get("/readyz").body()).contains("PAUSED", "the mail server 127.0.0.1:");
        assertThat(worker.get("/livez").statusCode()).isEqualTo(200);
        assertThat(worker.get("/actuator/prometheus").body()).contains("mail_worker_state{state=\"paused\"} 1.0");
        rig.sink().listen();

        assertThat(rig.sink().awaitCount(5, WITHIN)).hasSize(5);
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 5);
        assertThat(rig.rows("MAX(attempts)")).isEqualTo(1);
        assertThat(worker.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void a_refused_login_pauses_instead_of_parking() throws Exception {
        Worker worker = rig.worker("spring.mail.password=wrong");

        worker.awaitState(ConsumerState.PAUSED);

        assertThat(worker.status().reason()).contains("refused the login", "535");
    }

    @Test
    void a_login_that_is_refused_for_a_while_costs_no_attempt_and_the_worker_goes_on_by_itself() throws Exception {
        Worker worker = rig.worker("mail-worker.smtp.max-idle=1ms");
        rig.sink().acceptLogins(false);
        rig.publish(Event.placed(5));

        worker.awaitState(ConsumerState.PAUSED);
        assertThat(worker.get("/readyz").body()).contains("PAUSED", "refused the login", "535");
        await().atMost(WITHIN).until(() -> rig.queues().delivered() == 0);
        assertThat(rig.inState("WAITING")).isPositive();
        assertThat(rig.rows("SUM(attempts)")).isZero();
        rig.sink().acceptLogins(true);

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 5);
        assertThat(rig.rows("MAX(attempts)")).isEqualTo(1);
        assertThat(rig.sink().mails()).hasSize(5);
        assertThat(worker.count("retried")).isZero();
        assertThat(worker.runs()).isEqualTo(2);
        rig.assertNothingLeft();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_not_accepted() throws Exception {
        Worker worker = rig.worker("spring.mail.ssl.bundle=");

        worker.awaitState(ConsumerState.PAUSED);

        assertThat(worker.status().reason()).contains("certification path");
    }

    @Test
    void a_server_that_wants_less_gets_the_mail_later_and_no_attempt_is_used_up() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        rig.sink()
                .onMail(mail -> tries.incrementAndGet() <= 2
                        ? new SmtpAnswer.Reject(454, "4.7.0 too many at once")
                        : new SmtpAnswer.Accept());
        Worker worker = rig.worker("mail-worker.throttle-delay=100ms");

        rig.publish(Event.placed());

        assertThat(rig.sink().awaitCount(1, WITHIN)).hasSize(1);
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        assertThat(rig.rows("MAX(attempts)")).isEqualTo(1);
        assertThat(worker.count("retried")).isEqualTo(2);
        assertThat(worker.status().state()).isEqualTo(ConsumerState.CONSUMING);
    }
}
