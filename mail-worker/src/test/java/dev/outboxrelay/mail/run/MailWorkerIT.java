package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpAnswer;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class MailWorkerIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void an_event_becomes_one_mail_in_the_language_of_its_order() throws Exception {
        rig.worker();
        Event event = Event.placed();

        rig.publish(event);

        ReceivedMail mail = rig.sink().awaitCount(1, WITHIN).get(0);
        assertThat(mail.recipients()).containsExactly("xiaoming@example.com");
        assertThat(mail.from()).isEqualTo("orders@tea.example");
        assertThat(mail.subject()).isEqualTo("您的订单 " + event.orderId() + " 已收到");
        assertThat(mail.textBody()).contains("王小明，您好：", "2 x 龙井茶", "¥256.00", event.orderId());
        assertThat(mail.htmlBody()).contains("王小明", "龙井茶", "¥128.00", "¥256.00", "lang=\"zh\"");
        assertThat(mail.header("X-Order-Id")).contains(event.orderId());
        assertThat(mail.header("X-Event-Id")).contains(event.id());
        assertThat(mail.header("Message-ID")).contains("<" + event.id() + "@tea.example>");
        assertThat(mail.header("Auto-Submitted")).contains("auto-generated");
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        assertThat(rig.rows("SUM(smtp_reply LIKE '250%')")).isEqualTo(1);
        rig.assertNothingLeft();
    }

    @Test
    void the_same_message_any_number_of_times_on_two_workers_is_one_mail() throws Exception {
        Worker one = rig.worker();
        Worker two = rig.worker();
        List<Event> originals = Event.placed(20);
        List<Event> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.addAll(originals);
        }
        Collections.shuffle(all, new Random(7));

        rig.publish(all);

        await().atMost(WITHIN)
                .until(() -> one.count("duplicate") + two.count("duplicate") == 180
                        && one.count("sent") + two.count("sent") == 20);
        assertThat(ids(rig.sink().mails()))
                .containsExactlyInAnyOrderElementsOf(
                        originals.stream().map(Event::id).toList());
    }

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
        Rig.Parked parked = awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(event.id());
        assertThat(parked.properties().getType()).isEqualTo("OrderPlaced");
        assertThat(parked.body()).isEqualTo(event.body());
        assertThat(parked.header("parked-reason")).isEqualTo("EXPIRED");
        assertThat(parked.header("parked-reply")).isEqualTo("452 4.2.2 mailbox full");
        assertThat(Integer.parseInt(parked.header("mail-attempts"))).isGreaterThan(2);
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

        assertThat(ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(good.id());
        Rig.Parked parked = awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(dead.id());
        assertThat(parked.header("parked-reason")).isEqualTo("REFUSED");
        assertThat(parked.header("parked-reply"))
                .startsWith("550 5.1.1 no such user!!!")
                .hasSize(1000);
        assertThat(parked.header("mail-attempts")).isEqualTo("1");
    }

    @Test
    void bad_messages_are_parked_with_their_reason_and_hold_up_nobody() throws Exception {
        rig.worker();
        Event good = Event.placed();
        Event anonymous = Event.placed();

        rig.publish(
                Event.placed().withBody("{\"orderId\":"),
                Event.placed().withBody("[1, 2]"),
                Event.placed().withBody("{\"orderId\":\"4711\"}"),
                Event.of("OrderReticulated", "4712", 1, ""),
                new Event("", "OrderPlaced", anonymous.orderId(), 1, anonymous.body()),
                new Event("", "OrderPlaced", "", 0, anonymous.body()),
                Event.placed().to(""),
                Event.placed().to("not an address"),
                Event.placed().to("two@example.com, three@example.com"),
                Event.placed().to("a@example.com\\r\\nBcc: b@example.com"),
                Event.placed().withBody("\"" + "x".repeat(10 << 20) + "\""),
                Event.of("OrderPlaced", "4713-" + "x".repeat(130_745), 1, ""),
                good);

        assertThat(ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(good.id());
        assertThat(awaitParked(12))
                .extracting(parked -> parked.header("parked-reason"))
                .containsExactlyInAnyOrder(
                        "NOT_JSON",
                        "WRONG_SCHEMA",
                        "WRONG_SCHEMA",
                        "UNKNOWN_TYPE",
                        "NO_MESSAGE_ID",
                        "NO_MESSAGE_ID",
                        "NO_RECIPIENT",
                        "BAD_ADDRESS",
                        "BAD_ADDRESS",
                        "BAD_ADDRESS",
                        "TOO_LARGE",
                        "BAD_AGGREGATE_ID");
        rig.assertNothingLeft();
    }

    @Test
    void a_mail_whose_reply_was_lost_is_counted_as_unknown_and_sent_again_under_the_same_message_id() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        rig.sink()
                .onMail(mail ->
                        tries.incrementAndGet() == 1 ? new SmtpAnswer.AcceptSilently() : new SmtpAnswer.Accept());
        Worker worker = rig.worker();

        rig.publish(Event.placed());

        List<ReceivedMail> mails = rig.sink().awaitCount(2, WITHIN);
        assertThat(mails).extracting(mail -> mail.header("Message-ID")).hasSize(2);
        assertThat(mails.get(0).header("Message-ID")).isEqualTo(mails.get(1).header("Message-ID"));
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(1);
        assertThat(worker.count("unknown")).isEqualTo(1);
    }

    @Test
    void a_mail_whose_reply_is_lost_every_time_is_not_sent_for_ever() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown-resends=2");

        rig.publish(Event.placed());

        assertThat(awaitParked(1).get(0).header("parked-reason")).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(rig.sink().mails()).hasSize(3);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(3);
        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
    }

    @Test
    void every_metric_that_the_readme_names_is_there() throws Exception {
        Worker worker = rig.worker();
        rig.publish(Event.placed(), Event.placed().withBody("{"));
        await().atMost(WITHIN).until(() -> worker.count("sent") == 1 && worker.count("parked") == 1);

        String scraped = worker.get("/actuator/prometheus").body();

        List<String> named = Pattern.compile("`(mail_worker_[a-z_]+)")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(named).hasSizeGreaterThan(8).allSatisfy(metric -> assertThat(scraped)
                .containsPattern("(?m)^" + metric + "(_count)?[{ ]"));
    }

    @Test
    void with_the_policy_park_a_mail_whose_reply_was_lost_is_not_sent_again() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown=park");

        rig.publish(Event.placed());

        assertThat(awaitParked(1).get(0).header("parked-reason")).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
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
    void a_certificate_that_nobody_vouches_for_is_not_accepted() throws Exception {
        Worker worker = rig.worker("spring.mail.ssl.bundle=");

        worker.awaitState(ConsumerState.PAUSED);

        assertThat(worker.status().reason()).contains("certification path");
    }

    @Test
    void a_broker_restart_loses_nothing_and_sends_nothing_twice() throws Exception {
        Worker worker = rig.worker();
        List<Event> before = Event.placed(150);
        rig.publish(before);
        rig.sink().awaitCount(20, WITHIN);

        rig.rabbit().server().restart();

        worker.awaitState(ConsumerState.CONSUMING);
        List<Event> after = Event.placed(20);
        rig.publish(after);
        List<ReceivedMail> mails = rig.sink().awaitCount(170, WITHIN);
        assertThat(Map.of("mails", mails.size(), "different", (int)
                        ids(mails).stream().distinct().count()))
                .isEqualTo(Map.of("mails", 170, "different", 170));
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 170);
        rig.assertNothingLeft();
    }

    @Test
    void fewer_partitions_than_before_leave_no_message_behind() throws Exception {
        rig.worker("mail-worker.partitions=4").close();
        rig.publish(Event.placed(20));

        rig.worker("mail-worker.partitions=2");
        rig.publish(Event.placed(20));

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 40);
        rig.assertNothingLeft();
    }

    @Test
    void what_is_logged_of_a_message_has_the_trace_of_its_event_and_nothing_of_its_content() throws Exception {
        rig.worker();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.outboxrelay.mail");
        lines.start();
        logger.addAppender(lines);

        rig.publish(Event.of("OrderReticulated", "4711", 1, ""));
        awaitParked(1);

        logger.detachAppender(lines);
        ILoggingEvent parked = lines.list.stream()
                .filter(line -> line.getFormattedMessage().contains("UNKNOWN_TYPE"))
                .findAny()
                .orElseThrow();
        assertThat(parked.getMDCPropertyMap()).containsEntry("traceId", "0af7651916cd43dd8448eb211c80319c");
        assertThat(lines.list).noneMatch(line -> line.getFormattedMessage().contains("xiaoming"));
    }

    private List<Rig.Parked> awaitParked(int count) {
        List<Rig.Parked> parked = new ArrayList<>();
        await().atMost(WITHIN).until(() -> {
            parked.addAll(rig.takeParked());
            return parked.size() >= count;
        });
        assertThat(parked).hasSize(count);
        return parked;
    }

    private static List<String> ids(List<ReceivedMail> mails) {
        return mails.stream()
                .map(mail -> mail.header("X-Event-Id").orElseThrow())
                .toList();
    }
}
