package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import dev.outboxrelay.local.SmtpAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CommandsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String CONFIRM = "--confirm=mail.orders.parked";

    @RegisterExtension
    final Rig rig = new Rig();

    private Operating operator;

    private final AtomicBoolean open = new AtomicBoolean();

    @BeforeEach
    void operate(@TempDir Path directory) {
        operator = new Operating(rig, directory);
    }

    @Test
    void parked_messages_can_be_listed_shown_replayed_and_dropped() throws Exception {
        refuseUntilOpen();
        rig.worker();
        Event one = Event.placed();
        Event two = Event.placed();
        Event bad = Event.placed().withBody("{");
        rig.publish(one, two, bad);
        operator.awaitParked(3);

        JsonNode list = operator.json("parked", "list", "-o", "json");
        assertThat(list.valueStream().map(node -> node.path("id").asString()))
                .containsExactlyInAnyOrder(one.id(), two.id(), bad.id());
        assertThat(list.toString()).doesNotContain("xiaoming@example.com");
        assertThat(operator.run("parked", "list", "--reason", "refused").out())
                .contains(one.id(), two.id(), "550 5.7.1 closed")
                .doesNotContain(bad.id());
        JsonNode shown = operator.json("parked", "show", one.id(), "-o", "json");
        assertThat(shown.path("reason").asString()).isEqualTo("REFUSED");
        assertThat(shown.path("state").asString()).isEqualTo("FAILED");
        assertThat(shown.has("payload")).isFalse();
        assertThat(operator.run("parked", "show", one.id(), "--payload").out()).contains("xiaoming@example.com");
        assertThat(operator.run("parked", "replay", "--all", "--dry-run").out()).contains("would replay 3");
        assertThat(operator.run("parked", "replay", "--all")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains(
                            "nothing was changed: all 3 parked messages will be tried again, at most 50 a second",
                            CONFIRM);
        });

        open.set(true);
        assertThat(operator.run("parked", "replay", one.id()).out()).contains("replayed 1");
        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(one.id());
        assertThat(operator.run("parked", "replay", "--reason", "REFUSED", CONFIRM)
                        .out())
                .contains("replayed 1");
        assertThat(Event.ids(rig.sink().awaitCount(2, WITHIN))).containsExactly(one.id(), two.id());

        assertThat(operator.run("parked", "drop", "--all")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains(CONFIRM);
        });
        assertThat(operator.run("parked", "drop", bad.id(), CONFIRM).out()).contains("dropped 1");
        rig.publish(bad);
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 2);
        rig.assertNothingLeft();
    }

    @Test
    void what_was_sent_meanwhile_is_not_sent_again_by_a_replay() throws Exception {
        refuseUntilOpen();
        rig.worker();
        Event event = Event.placed();
        rig.publish(event, event);
        operator.awaitParked(2);
        open.set(true);

        long begun = System.nanoTime();
        assertThat(operator.run("parked", "replay", "--all", "--rate", "2", CONFIRM)
                        .out())
                .contains("replayed 2");
        assertThat(System.nanoTime() - begun).isGreaterThan(500_000_000);

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(1);
    }

    @Test
    void the_mails_of_an_order_are_replayed_in_the_order_of_its_events() throws Exception {
        refuseUntilOpen();
        rig.worker();
        List<Event> events = new ArrayList<>();
        for (String type : List.of("OrderPlaced", "OrderPaid", "OrderCancelled")) {
            events.add(Event.of(type, "4711-" + UUID.randomUUID(), events.size() + 1L, ""));
        }
        String order = events.get(0).orderId();
        List<Event> ofOne = events.stream()
                .map(event -> Event.of(event.type(), order, event.version(), ""))
                .toList();
        rig.publish(ofOne.get(2));
        operator.awaitParked(1);
        rig.publish(ofOne.get(1));
        operator.awaitParked(2);
        rig.publish(ofOne.get(0));
        operator.awaitParked(3);
        open.set(true);

        operator.run("parked", "replay", "--all", CONFIRM);

        assertThat(Event.ids(rig.sink().awaitCount(3, WITHIN)))
                .isEqualTo(ofOne.stream().map(Event::id).toList());
    }

    @Test
    void a_verdict_settles_a_mail_that_may_have_been_sent() throws Exception {
        rig.sink().onMail(mail -> open.get() ? new SmtpAnswer.Accept() : new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown=park");
        Event sent = Event.placed();
        Event lost = Event.placed();
        rig.publish(sent, lost);
        operator.awaitParked(2);
        open.set(true);

        JsonNode status = operator.json("status", "-o", "json");
        assertThat(status.path("states").path("UNKNOWN").asInt()).isEqualTo(2);
        assertThat(status.path("unknownAttempts").asInt()).isEqualTo(2);
        assertThat(status.path("workers").size()).isEqualTo(1);
        assertThat(status.path("queues").path("mail.orders.parked").asInt()).isEqualTo(2);
        assertThat(operator.run("status").out()).contains(sent.id(), lost.id(), "resolve ID --sent|--resend");
        assertThat(operator.run("resolve", sent.id(), "--sent", "--dry-run").out())
                .contains("would be sent");
        assertThat(operator.run("resolve", lost.id(), "--resend", "--dry-run").out())
                .contains("would be resend");
        assertThat(operator.run("resolve", sent.id(), "--sent")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("message " + sent.id() + " will never be sent again", CONFIRM);
        });
        assertThat(rig.inState("UNKNOWN")).isEqualTo(2);
        assertThat(operator.run("resolve", sent.id(), "--sent", CONFIRM).code()).isZero();
        assertThat(operator.run("resolve", lost.id(), "--resend").code()).isZero();

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 2);
        assertThat(Event.ids(rig.sink().mails())).containsExactlyInAnyOrder(sent.id(), lost.id(), lost.id());
        assertThat(operator.run("resolve", sent.id(), "--sent")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("does not wait for a verdict, its state is SENT");
        });
        rig.assertNothingLeft();
    }

    @Test
    void a_long_replay_says_how_far_it_is() throws Exception {
        rig.worker();
        List<Event> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            bad.add(Event.placed().withBody("{"));
        }
        rig.publish(bad);
        operator.awaitParked(100);

        Operating.Result replayed =
                operator.run("parked", "replay", "--reason", "NOT_JSON", "--rate", "10000", CONFIRM);

        assertThat(replayed.out()).contains("replayed 100");
        assertThat(replayed.err().lines())
                .singleElement()
                .asString()
                .startsWith("100 replayed, last ")
                .matches(line -> bad.stream().anyMatch(event -> line.endsWith(event.id())));
    }

    @Test
    void a_mistyped_option_or_a_password_on_the_command_line_starts_no_worker() {
        ChildProcess mistyped = rig.command("run", "--server.port=0", "--dry-run=true");
        ChildProcess secret = rig.command("--spring.mail.password=s3cret");

        assertThat(mistyped.awaitExit(WITHIN)).as(mistyped.output()).isEqualTo(2);
        assertThat(mistyped.output()).contains("Unknown option or argument: '--dry-run'");
        assertThat(secret.awaitExit(WITHIN)).as(secret.output()).isEqualTo(2);
        assertThat(secret.output())
                .contains("spring.mail.password: a command line is no place for a password")
                .doesNotContain("s3cret");
    }

    @Test
    void mistakes_end_with_a_sentence_and_an_exit_code() throws Exception {
        assertThat(operator.run("parked", "list", "--bogus").code()).isEqualTo(2);
        assertThat(operator.run("parked", "replay").code()).isEqualTo(2);
        assertThat(operator.run("parked", "replay", "--all", "--rate", "0").code())
                .isEqualTo(2);
        assertThat(operator.run("parked", "replay", "id", "--all").code()).isEqualTo(2);
        assertThat(operator.run("resolve", "id").code()).isEqualTo(2);
        assertThat(operator.run("parked").code()).isEqualTo(2);
        assertThat(operator.run("status", "--mail-worker.queu=other").err())
                .contains("mail-worker.queu is not a setting of the mail worker");
        assertThat(operator.run("status", "--spring.datasource.password=s3cret"))
                .satisfies(result -> {
                    assertThat(result.code()).isEqualTo(2);
                    assertThat(result.err()).contains("no place for a password").doesNotContain("s3cret");
                });
        String nobody = "127.0.0.1:" + Ports.free();
        assertThat(operator.run("parked", "list", "--spring.rabbitmq.addresses=" + nobody))
                .satisfies(result -> {
                    assertThat(result.code()).isEqualTo(1);
                    assertThat(result.err()).contains("RabbitMQ at " + nobody + " cannot be used: Connection refused");
                });
        try (AutoCloseable ignored = rig.queues().holdForOneself("mail.orders.parked")) {
            assertThat(operator.run("parked", "list")).satisfies(result -> {
                assertThat(result.code()).isEqualTo(1);
                assertThat(result.err()).contains("the queue mail.orders.parked cannot be used", "RESOURCE_LOCKED");
            });
        }
        assertThat(operator.run("parked", "list")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("there is no queue mail.orders.parked yet");
        });
        assertThat(operator.run("status", "--spring.datasource.url=")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("spring.datasource.url is not set");
        });
    }

    private void refuseUntilOpen() {
        rig.sink().onMail(mail -> open.get() ? new SmtpAnswer.Accept() : new SmtpAnswer.Reject(550, "5.7.1 closed"));
    }
}
