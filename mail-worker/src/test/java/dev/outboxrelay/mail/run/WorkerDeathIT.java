package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.ReceivedMail;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkerDeathIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void a_worker_killed_under_load_loses_nothing_and_every_duplicate_is_counted_as_unknown() throws Exception {
        ChildProcess victim = rig.process("mail-worker.lease=4s", "mail-worker.smtp.deadline=3s");
        List<Event> events = Event.placed(300);
        rig.publish(events);
        rig.sink().awaitCount(40, WITHIN);

        victim.kill();
        rig.worker("mail-worker.lease=4s", "mail-worker.smtp.deadline=3s", "mail-worker.in-hand-wait=5s");

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 300);
        List<ReceivedMail> mails = rig.sink().mails();
        long different =
                mails.stream().map(mail -> mail.header("X-Event-Id")).distinct().count();
        assertThat(different).isEqualTo(300);
        assertThat(mails.size() - different).isLessThanOrEqualTo(rig.rows("SUM(unknowns)"));
        rig.assertNothingLeft();
    }

    @Test
    void a_worker_that_is_asked_to_end_finishes_what_it_has_in_hand() throws Exception {
        ChildProcess worker = rig.process();
        rig.publish(Event.placed(300));
        rig.sink().awaitCount(40, WITHIN);

        worker.stop();

        assertThat(rig.inState("SENDING")).isZero();
        assertThat(rig.inState("SENT")).isEqualTo(rig.sink().mails().size());
        assertThat(worker.output()).contains("-> STOPPED");
        rig.worker();
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 300);
        assertThat(rig.sink().mails()).hasSize(300);
        assertThat(rig.rows("SUM(unknowns)")).isZero();
    }
}
