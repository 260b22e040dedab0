package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.SmtpAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Commands that change something, given by programs. */
class JsonIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String CONFIRM = "--confirm=mail.orders.parked";

    @RegisterExtension
    final Rig rig = new Rig();

    private final AtomicBoolean open = new AtomicBoolean();
    private Operating operator;

    @BeforeEach
    void operate(@TempDir Path directory) {
        operator = new Operating(rig, directory);
    }

    @Test
    void a_drop_by_reason_says_how_many_and_drops_no_others() throws Exception {
        refuseUntilOpen();
        rig.worker();
        Event refused = Event.placed();
        List<Event> bad = List.of(Event.placed().withBody("{"), Event.placed().withBody("{"));
        rig.publish(refused);
        rig.publish(bad);
        operator.awaitParked(3);

        assertSays("{'dropped': 2, 'dryRun': true}", "parked", "drop", "--reason", "NOT_JSON", "--dry-run");
        operator.awaitParked(3);
        assertSays("{'dropped': 2, 'dryRun': false}", "parked", "drop", "--reason", "NOT_JSON", CONFIRM);
        assertSays("{'dropped': 0, 'dryRun': false}", "parked", "drop", "--reason", "EXPIRED", CONFIRM);

        assertThat(operator.json("parked", "list", "-o", "json").valueStream())
                .singleElement()
                .satisfies(left -> assertThat(left.path("id").asString()).isEqualTo(refused.id()));
        assertThat(rig.rows("SUM(reason = 'DROPPED')")).isEqualTo(2);
        open.set(true);
        assertSays("{'replayed': 1, 'dryRun': true}", "parked", "replay", "--all", "--dry-run");
        assertSays("{'replayed': 1, 'dryRun': false}", "parked", "replay", refused.id());
        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(refused.id());
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        rig.assertNothingLeft();
    }

    @Test
    void a_verdict_says_what_it_was_and_of_which_message() throws Exception {
        rig.sink().onMail(mail -> open.get() ? new SmtpAnswer.Accept() : new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown=park");
        Event sent = Event.placed();
        Event lost = Event.placed();
        rig.publish(sent, lost);
        operator.awaitParked(2);
        open.set(true);

        String verdict = "{'id': '%s', 'verdict': '%s', 'dryRun': %s}";
        assertSays(verdict.formatted(sent.id(), "sent", true), "resolve", sent.id(), "--sent", "--dry-run");
        assertThat(rig.inState("UNKNOWN")).isEqualTo(2);
        assertSays(verdict.formatted(sent.id(), "sent", false), "resolve", sent.id(), "--sent", CONFIRM);
        assertSays(verdict.formatted(lost.id(), "resend", false), "resolve", lost.id(), "--resend");

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 2);
        assertThat(Event.ids(rig.sink().mails())).containsExactlyInAnyOrder(sent.id(), lost.id(), lost.id());
        rig.assertNothingLeft();
    }

    @Test
    void what_would_be_asked_is_refused_also_at_a_terminal() throws Exception {
        rig.sink().onMail(mail -> new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown=park");
        Event event = Event.placed();
        rig.publish(event);
        operator.awaitParked(1);

        Terminal drop = operator.atTerminal("parked", "drop", "--all", "-o", "json");
        for (String[] command : new String[][] {
            {"parked", "replay", "--all", "-o", "json"}, {"resolve", event.id(), "--sent", "-o", "json"}
        }) {
            assertThat(operator.run(command)).satisfies(result -> {
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.out()).isEmpty();
                assertThat(result.err()).contains("nothing was changed", CONFIRM);
            });
        }
        assertThat(drop.awaitExit()).as(drop.output()).isEqualTo(2);
        assertThat(drop.output()).contains("nothing was changed", CONFIRM).doesNotContain("type the queue's name");

        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
        operator.awaitParked(1);
    }

    private void refuseUntilOpen() {
        rig.sink().onMail(mail -> open.get() ? new SmtpAnswer.Accept() : new SmtpAnswer.Reject(550, "5.7.1 closed"));
    }

    /** That and nothing else, as JSON with single quotes; and nothing to people. */
    private void assertSays(String json, String... command) {
        Operating.Result result = operator.run(
                Stream.concat(Stream.of(command), Stream.of("-o", "json")).toArray(String[]::new));

        JsonMapper mapper = new JsonMapper();
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(mapper.readTree(result.out())).isEqualTo(mapper.readTree(json.replace('\'', '"')));
        assertThat(result.err()).isEmpty();
    }
}
