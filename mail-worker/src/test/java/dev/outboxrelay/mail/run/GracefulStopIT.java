package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GracefulStopIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

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
        rig.assertNothingLeft();
    }
}
