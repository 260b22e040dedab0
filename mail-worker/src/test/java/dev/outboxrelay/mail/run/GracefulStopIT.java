package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.SmtpAnswer;
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

    @Test
    void a_worker_that_is_asked_to_end_waits_for_the_record_of_what_it_has_sent_and_acknowledges_it() throws Exception {
        FaultProxy database = rig.proxyTo(rig.mysql().server().port());
        ChildProcess worker = rig.process("spring.datasource.url=" + rig.databaseVia(database.port()));
        rig.sink().onMail(mail -> {
            database.freeze(Direction.TO_SERVER);
            return new SmtpAnswer.Accept();
        });
        rig.publish(Event.placed());
        rig.sink().awaitCount(1, WITHIN);

        Thread stopping = new Thread(worker::stop);
        stopping.start();
        await().atMost(WITHIN).until(() -> worker.output().contains("-> STOPPING"));
        assertThat(rig.inState("SENDING")).isEqualTo(1);
        database.heal();
        stopping.join(WITHIN.toMillis());

        assertThat(worker.isRunning()).isFalse();
        assertThat(rig.inState("SENT")).isEqualTo(1);
        rig.assertNothingLeft();
    }
}
