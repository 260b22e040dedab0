package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.SmtpAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask, and what happens while the question stands. */
class QuestionsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    private Operating operator;

    @BeforeEach
    void operate(@TempDir Path directory) {
        operator = new Operating(rig, directory);
    }

    @Test
    void a_severe_command_asks_unless_that_is_not_wanted_and_acts_on_no_more_than_it_has_told() throws Exception {
        rig.worker();
        Event told = Event.placed().withBody("{");
        Event later = Event.placed().withBody("{");
        rig.publish(told);
        operator.awaitParked(1);

        Terminal refused = operator.atTerminal("parked", "drop", "--all", "--no-input");
        refused.type("mail.orders.parked");
        assertThat(refused.awaitExit()).as(refused.output()).isEqualTo(2);
        assertThat(refused.output()).contains("nothing was changed");

        Terminal drop =
                operator.atTerminal("parked", "drop", "--all").awaitQuestion("all 1 parked messages will be dropped");
        rig.publish(later);
        operator.awaitParked(2);
        drop.type("mail.orders.parked");
        assertThat(drop.awaitExit()).as(drop.output()).isZero();

        assertThat(drop.output()).contains("dropped 1");
        assertThat(operator.run("parked", "list").out()).contains(later.id()).doesNotContain(told.id());
    }

    @Test
    void an_id_that_is_not_there_is_a_failure_that_says_so() {
        rig.worker();

        for (String[] command : new String[][] {
            {"parked", "show", "4711"},
            {"parked", "replay", "4711"},
            {"parked", "drop", "4711", "--confirm=mail.orders.parked"},
            {"resolve", "4711", "--sent", "--confirm=mail.orders.parked"}
        }) {
            assertThat(operator.run(command)).satisfies(result -> {
                assertThat(result.code()).as(String.join(" ", command)).isEqualTo(1);
                assertThat(result.out()).isEmpty();
                assertThat(result.err()).containsAnyOf("4711", "none of these messages is parked");
            });
        }
    }

    @Test
    void a_verdict_that_comes_too_late_changes_nothing() throws Exception {
        AtomicBoolean refusing = new AtomicBoolean();
        rig.sink()
                .onMail(mail ->
                        refusing.get() ? new SmtpAnswer.Reject(550, "5.7.1 closed") : new SmtpAnswer.AcceptSilently());
        rig.worker("mail-worker.unknown=park");
        Event event = Event.placed();
        rig.publish(event);
        operator.awaitParked(1);
        refusing.set(true);

        Terminal late = operator.atTerminal("resolve", event.id(), "--sent").awaitQuestion("will never be sent again");
        assertThat(operator.run("resolve", event.id(), "--resend").code()).isZero();
        await().atMost(WITHIN).until(() -> rig.inState("FAILED") == 1);
        operator.awaitParked(1);
        late.type("mail.orders.parked");

        assertThat(late.awaitExit()).as(late.output()).isEqualTo(1);
        assertThat(late.output()).contains("does not wait for a verdict, its state is FAILED");
        assertThat(operator.run("parked", "list").out()).contains(event.id(), "REFUSED");
    }
}
