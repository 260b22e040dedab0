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

/** Kills a worker with SIGKILL at each point of the main path; the points are held open by freezing what comes next. */
class KillPointsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void received_but_not_claimed_is_sent_once_by_another() throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.mysql().server().port());
        ChildProcess victim = victim("spring.datasource.url=" + rig.databaseVia(proxy.port()));
        proxy.freeze(Direction.TO_SERVER);
        rig.publish(Event.placed());
        await().atMost(WITHIN).until(() -> rig.queues().delivered() == 1);

        victim.kill();

        heirSends(1, 0);
    }

    @Test
    void claimed_but_not_sent_is_unknown_and_sent_once_by_another() throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.sink().port());
        ChildProcess victim = victim("spring.mail.port=" + proxy.port());
        proxy.freeze(Direction.TO_SERVER);
        rig.publish(Event.placed());
        await().atMost(WITHIN).until(() -> rig.inState("SENDING") == 1);

        victim.kill();

        heirSends(1, 1);
    }

    @Test
    void sent_but_not_marked_is_unknown_and_sent_twice_under_one_message_id() throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.mysql().server().port());
        ChildProcess victim = victim("spring.datasource.url=" + rig.databaseVia(proxy.port()));
        rig.sink().onMail(mail -> {
            proxy.freeze(Direction.TO_SERVER);
            return new SmtpAnswer.Accept();
        });
        rig.publish(Event.placed());
        rig.sink().awaitCount(1, WITHIN);

        victim.kill();

        heirSends(2, 1);
        assertThat(rig.sink().mails().stream()
                        .map(mail -> mail.header("Message-ID"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void marked_but_not_acknowledged_is_a_duplicate_and_not_sent_again() throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.rabbit().server().port());
        ChildProcess victim = victim("spring.rabbitmq.addresses=127.0.0.1:" + proxy.port());
        rig.sink().onMail(mail -> {
            proxy.freeze(Direction.TO_SERVER);
            return new SmtpAnswer.Accept();
        });
        rig.publish(Event.placed());
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);

        victim.kill();
        proxy.cut();

        heirSends(1, 0);
    }

    private ChildProcess victim(String setting) {
        return rig.process(setting, "mail-worker.lease=3s", "mail-worker.smtp.deadline=2s");
    }

    private void heirSends(int mails, int unknowns) throws Exception {
        Worker heir = rig.worker("mail-worker.lease=3s", "mail-worker.smtp.deadline=2s");
        await().atMost(WITHIN)
                .until(() -> rig.inState("SENT") == 1 && heir.count("sent") + heir.count("duplicate") == 1);
        assertThat(heir.count("unknown")).isEqualTo(unknowns);
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(mails);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(unknowns);
    }
}
