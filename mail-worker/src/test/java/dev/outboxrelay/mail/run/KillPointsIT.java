package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.SmtpAnswer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills a worker with SIGKILL at each point of the main path; the points are held open by freezing what comes next. */
class KillPointsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    /** The first wait is passed in a delayed queue. */
    private static final String MOVED = "mail-worker.retry.delays=2s,300ms";

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

    @Test
    void with_the_policy_park_sent_but_not_marked_is_unknown_and_parked_and_not_sent_again() throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.mysql().server().port());
        ChildProcess victim =
                victim("spring.datasource.url=" + rig.databaseVia(proxy.port()), "mail-worker.unknown=park");
        rig.sink().onMail(mail -> {
            proxy.freeze(Direction.TO_SERVER);
            return new SmtpAnswer.Accept();
        });
        Event event = Event.placed();
        rig.publish(event);
        rig.sink().awaitCount(1, WITHIN);

        victim.kill();

        Worker heir = heir("mail-worker.unknown=park");
        Queues.Parked parked = rig.queues().awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(event.id());
        assertThat(parked.header("parked-reason")).isEqualTo("UNKNOWN_OUTCOME");
        assertThat(heir.count("unknown")).isEqualTo(1);
        assertThat(rig.inState("UNKNOWN")).isEqualTo(1);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(1);
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(1);
    }

    @Test
    void recorded_as_refused_or_deferred_but_not_moved_is_moved_by_another() throws Exception {
        killInTheMove(Direction.TO_SERVER, () -> rig.inState("FAILED") == 1 && rig.inState("WAITING") == 1);

        heirSettles(1);
    }

    @Test
    void moved_but_not_acknowledged_is_parked_twice_or_a_duplicate_and_mailed_no_more_than_once() throws Exception {
        killInTheMove(
                Direction.TO_CLIENT,
                () -> rig.queues().count("mail.orders.parked") == 1
                        && rig.queues().count("mail.orders.retry.2s") == 1);

        heirSettles(2);
    }

    /** Of two messages, of which one is refused and one deferred; both are on their way to another queue. */
    private void killInTheMove(Direction frozen, Callable<Boolean> reached) throws Exception {
        FaultProxy proxy = rig.proxyTo(rig.rabbit().server().port());
        ChildProcess victim = victim("spring.rabbitmq.addresses=127.0.0.1:" + proxy.port(), MOVED);
        CountDownLatch both = new CountDownLatch(2);
        rig.sink().onMail(mail -> {
            both.countDown();
            await().atMost(WITHIN).until(() -> both.getCount() == 0);
            proxy.freeze(frozen);
            return mail.recipients().contains("nobody@example.com")
                    ? new SmtpAnswer.Reject(550, "5.1.1 no such user")
                    : new SmtpAnswer.Reject(451, "4.3.0 later");
        });
        rig.publish(Event.placed().to("nobody@example.com"), Event.placed());
        await().atMost(WITHIN).until(reached);

        victim.kill();
        proxy.cut();
        rig.sink().onMail(mail -> new SmtpAnswer.Accept());
    }

    /** @param copies of each message */
    private void heirSettles(int copies) throws Exception {
        Worker heir = heir(MOVED);
        assertThat(rig.queues().awaitParked(copies))
                .allMatch(parked -> parked.header("parked-reason").equals("REFUSED"));
        await().atMost(WITHIN).until(() -> heir.count("sent") == 1 && heir.count("duplicate") == copies - 1);
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(1);
        assertThat(rig.inState("SENT") + rig.inState("FAILED")).isEqualTo(2);
        assertThat(rig.rows("SUM(unknowns)")).isZero();
    }

    private ChildProcess victim(String... settings) {
        return rig.process(inHaste(settings));
    }

    private Worker heir(String... settings) {
        return rig.worker(inHaste(settings));
    }

    private static String[] inHaste(String... settings) {
        return Stream.concat(Stream.of("mail-worker.lease=3s", "mail-worker.smtp.deadline=2s"), Stream.of(settings))
                .toArray(String[]::new);
    }

    private void heirSends(int mails, int unknowns) throws Exception {
        Worker heir = heir();
        await().atMost(WITHIN)
                .until(() -> rig.inState("SENT") == 1 && heir.count("sent") + heir.count("duplicate") == 1);
        assertThat(heir.count("unknown")).isEqualTo(unknowns);
        rig.assertNothingLeft();
        assertThat(rig.sink().mails()).hasSize(mails);
        assertThat(rig.rows("SUM(unknowns)")).isEqualTo(unknowns);
    }
}
