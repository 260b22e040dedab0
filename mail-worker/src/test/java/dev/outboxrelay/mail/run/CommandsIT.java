package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.SmtpAnswer;
import dev.outboxrelay.mail.MailWorker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    private final AtomicBoolean open = new AtomicBoolean();

    @Test
    void parked_messages_can_be_listed_shown_replayed_and_dropped() throws Exception {
        refuseUntilOpen();
        rig.worker();
        Event one = Event.placed();
        Event two = Event.placed();
        Event bad = Event.placed().withBody("{");
        rig.publish(one, two, bad);
        awaitParked(3);

        JsonNode list = json("parked", "list", "-o", "json");
        assertThat(list.valueStream().map(node -> node.path("id").asString()))
                .containsExactlyInAnyOrder(one.id(), two.id(), bad.id());
        assertThat(list.toString()).doesNotContain("xiaoming@example.com");
        assertThat(run("parked", "list", "--reason", "refused").out())
                .contains(one.id(), two.id(), "550 5.7.1 closed")
                .doesNotContain(bad.id());
        JsonNode shown = json("parked", "show", one.id(), "-o", "json");
        assertThat(shown.path("reason").asString()).isEqualTo("REFUSED");
        assertThat(shown.path("state").asString()).isEqualTo("FAILED");
        assertThat(shown.has("payload")).isFalse();
        assertThat(run("parked", "show", one.id(), "--payload").out()).contains("xiaoming@example.com");
        assertThat(run("parked", "replay", "--all", "--dry-run").out()).contains("would replay 3");

        open.set(true);
        assertThat(run("parked", "replay", one.id()).out()).contains("replayed 1");
        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(one.id());
        assertThat(run("parked", "replay", "--reason", "REFUSED").out()).contains("replayed 1");
        assertThat(Event.ids(rig.sink().awaitCount(2, WITHIN))).containsExactly(one.id(), two.id());

        assertThat(run("parked", "drop", "--all")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("--confirm=mail.orders.parked");
        });
        assertThat(run("parked", "drop", bad.id(), "--confirm=mail.orders.parked")
                        .out())
                .contains("dropped 1");
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
        awaitParked(2);
        open.set(true);

        long begun = System.nanoTime();
        assertThat(run("parked", "replay", "--all", "--rate", "2").out()).contains("replayed 2");
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
        awaitParked(1);
        rig.publish(ofOne.get(1));
        awaitParked(2);
        rig.publish(ofOne.get(0));
        awaitParked(3);
        open.set(true);

        run("parked", "replay", "--all");

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
        awaitParked(2);
        open.set(true);

        JsonNode status = json("status", "-o", "json");
        assertThat(status.path("states").path("UNKNOWN").asInt()).isEqualTo(2);
        assertThat(status.path("unknownAttempts").asInt()).isEqualTo(2);
        assertThat(status.path("workers").size()).isEqualTo(1);
        assertThat(status.path("queues").path("mail.orders.parked").asInt()).isEqualTo(2);
        assertThat(run("status").out()).contains(sent.id(), lost.id(), "resolve ID --sent|--resend");
        assertThat(run("resolve", sent.id(), "--sent").code()).isZero();
        assertThat(run("resolve", lost.id(), "--resend").code()).isZero();

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 2);
        assertThat(Event.ids(rig.sink().mails())).containsExactlyInAnyOrder(sent.id(), lost.id(), lost.id());
        assertThat(run("resolve", sent.id(), "--sent")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("does not wait for a verdict, its state is SENT");
        });
        rig.assertNothingLeft();
    }

    @Test
    void mistakes_end_with_a_sentence_and_an_exit_code() {
        assertThat(run("parked", "list", "--bogus").code()).isEqualTo(2);
        assertThat(run("parked", "replay").code()).isEqualTo(2);
        assertThat(run("parked", "replay", "--all", "--rate", "0").code()).isEqualTo(2);
        assertThat(run("parked", "replay", "id", "--all").code()).isEqualTo(2);
        assertThat(run("resolve", "id").code()).isEqualTo(2);
        assertThat(run("parked").code()).isEqualTo(2);
        assertThat(run("parked", "list")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("there is no queue mail.orders.parked yet");
        });
        assertThat(run("status", "--set", "spring.datasource.url=")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("spring.datasource.url is not set");
        });
    }

    private void refuseUntilOpen() {
        rig.sink().onMail(mail -> open.get() ? new SmtpAnswer.Accept() : new SmtpAnswer.Reject(550, "5.7.1 closed"));
    }

    private void awaitParked(int count) {
        await().atMost(WITHIN)
                .until(() -> json("status", "-o", "json")
                                .path("queues")
                                .path("mail.orders.parked")
                                .asInt()
                        == count);
    }

    private JsonNode json(String... arguments) {
        return new JsonMapper().readTree(run(arguments).out());
    }

    /** Runs a command as a user would, and keeps what it said. */
    private Result run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        if (arguments.length > 1 || arguments[0].equals("status")) {
            for (String setting : rig.operatorSettings()) {
                String name = setting.substring(0, setting.indexOf('=') + 1);
                if (all.stream().noneMatch(argument -> argument.startsWith(name))) {
                    all.add("--set");
                    all.add(setting);
                }
            }
        }
        CommandLine line = MailWorker.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Result(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    /** What a command said. */
    private record Result(int code, String out, String err) {}
}
