package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
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
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
        assertThat(Event.ids(rig.sink().mails()))
                .containsExactlyInAnyOrderElementsOf(
                        originals.stream().map(Event::id).toList());
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
                new Event("4714\r\nBcc: b@example.com", "OrderPlaced", "4714", 1, anonymous.body()),
                Event.of("OrderPlaced", "4715\\r\\nBcc: b@example.com", 1, ""),
                Event.placed().to(""),
                Event.placed().to("not an address"),
                Event.placed().to("two@example.com, three@example.com"),
                Event.placed().to("a@example.com\\r\\nBcc: b@example.com"),
                Event.placed().withBody("\"" + "x".repeat(10 << 20) + "\""),
                Event.of("OrderPlaced", "4713-" + "x".repeat(130_745), 1, ""),
                good);

        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(good.id());
        assertThat(rig.queues().awaitParked(14))
                .extracting(parked -> parked.header("parked-reason"))
                .containsExactlyInAnyOrder(
                        "NOT_JSON",
                        "WRONG_SCHEMA",
                        "WRONG_SCHEMA",
                        "UNKNOWN_TYPE",
                        "NO_MESSAGE_ID",
                        "NO_MESSAGE_ID",
                        "NO_MESSAGE_ID",
                        "NO_RECIPIENT",
                        "BAD_ADDRESS",
                        "BAD_ADDRESS",
                        "BAD_ADDRESS",
                        "BAD_ADDRESS",
                        "TOO_LARGE",
                        "BAD_AGGREGATE_ID");
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(1);
    }

    @Test
    void every_metric_that_the_readme_names_is_there() throws Exception {
        Worker worker = rig.worker();
        rig.publish(Event.placed(), Event.placed().withBody("{"));
        await().atMost(WITHIN).until(() -> worker.count("sent") == 1 && worker.count("parked") == 1);

        String scraped = worker.get("/actuator/prometheus").body();

        assertThat(scraped)
                .contains(
                        "mail_worker_consumed_total 2.0",
                        "mail_worker_outcomes_total{outcome=\"sent\"} 1.0",
                        "mail_worker_parked_total{reason=\"not_json\"} 1.0",
                        "mail_worker_latency_seconds_count 1",
                        "mail_worker_smtp_seconds_count 1",
                        "mail_worker_smtp_connections 1.0",
                        "mail_worker_state{state=\"consuming\"} 1.0");
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
                        Event.ids(mails).stream().distinct().count()))
                .isEqualTo(Map.of("mails", 170, "different", 170));
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 170);
        rig.assertNothingLeft();
    }

    @Test
    void a_worker_holds_no_more_messages_than_its_prefetch_and_partitions_allow() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        rig.sink().onMail(mail -> {
            await().atMost(WITHIN).until(() -> open.getCount() == 0);
            return new SmtpAnswer.Accept();
        });
        rig.worker("mail-worker.prefetch=2");
        try {
            rig.publish(Event.placed(40));
            await().atMost(WITHIN).until(() -> rig.queues().delivered() >= 8);
            assertThat(rig.queues().delivered()).isEqualTo(8);
        } finally {
            open.countDown();
        }

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 40);
        rig.assertNothingLeft();
    }

    @Test
    void no_queue_relies_on_a_default_of_the_broker() {
        rig.worker();

        Map<String, String> queues = rig.queueArguments();

        assertThat(queues.keySet())
                .containsExactlyInAnyOrder(
                        "mail.orders.0",
                        "mail.orders.1",
                        "mail.orders.2",
                        "mail.orders.3",
                        "mail.orders.retry.300ms",
                        "mail.orders.parked");
        assertThat(queues.values()).allSatisfy(arguments -> assertThat(arguments)
                .contains("[\"x-queue-type\",\"longstr\",\"quorum\"]", "[\"x-delivery-limit\",\"signedint\",1000000]"));
        queues.remove("mail.orders.parked");
        assertThat(queues.values()).allSatisfy(arguments -> assertThat(arguments)
                .contains(
                        "[\"x-dead-letter-strategy\",\"longstr\",\"at-least-once\"]",
                        "[\"x-overflow\",\"longstr\",\"reject-publish\"]"));
    }

    @Test
    void a_message_that_came_back_more_often_than_a_brokers_own_limit_is_still_sent() throws Exception {
        rig.worker().close();
        rig.publish(Event.placed());
        rig.queues().giveBack(30);

        rig.worker();

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
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
        LogLines log = new LogLines();

        rig.publish(Event.of("OrderReticulated", "4711", 1, ""));
        rig.queues().awaitParked(1);

        log.close();
        ILoggingEvent parked = log.lines().stream()
                .filter(line -> line.getFormattedMessage().contains("UNKNOWN_TYPE"))
                .findAny()
                .orElseThrow();
        assertThat(parked.getMDCPropertyMap()).containsEntry("traceId", "0af7651916cd43dd8448eb211c80319c");
        assertThat(log.lines()).noneMatch(line -> line.getFormattedMessage().contains("xiaoming"));
    }
}
