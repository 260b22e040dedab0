package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FaultsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void a_connection_to_the_second_of_two_brokers_that_is_cut_under_load_loses_nothing_and_sends_nothing_twice()
            throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", rig.rabbit().server().port())) {
            Worker worker = rig.worker("spring.rabbitmq.addresses=127.0.0.1:1,127.0.0.1:" + proxy.port());
            rig.publish(Event.placed(200));
            rig.sink().awaitCount(20, WITHIN);

            proxy.cut();
            worker.awaitState(ConsumerState.RECONNECTING);
            proxy.heal();

            assertEachMailedOnce(200);
        }
    }

    @Test
    void a_connection_to_the_broker_that_went_silent_is_given_up_and_a_later_message_arrives() throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", rig.rabbit().server().port())) {
            Worker worker = rig.worker(
                    "spring.rabbitmq.addresses=127.0.0.1:" + proxy.port(),
                    "spring.rabbitmq.requested-heartbeat=1s",
                    "spring.rabbitmq.connection-timeout=2s");
            rig.publish(Event.placed(5));
            rig.sink().awaitCount(5, WITHIN);

            proxy.freeze(Direction.BOTH);
            worker.awaitState(ConsumerState.RECONNECTING);
            proxy.heal();

            rig.publish(Event.placed(5));
            assertEachMailedOnce(10);
        }
    }

    @Test
    void queues_that_are_deleted_under_the_worker_come_back() throws Exception {
        Worker worker = rig.worker();
        rig.publish(Event.placed(5));
        rig.sink().awaitCount(5, WITHIN);

        for (String queue : List.of("mail.orders.0", "mail.orders.1", "mail.orders.2", "mail.orders.3")) {
            rig.deleteQueue(queue);
        }

        await().atMost(WITHIN).until(() -> worker.runs() >= 2 && worker.status().state() == ConsumerState.CONSUMING);
        rig.publish(Event.placed(5));
        assertEachMailedOnce(10);
    }

    @Test
    void a_message_for_a_queue_that_is_gone_stays_where_it_is_until_the_queue_is_back() throws Exception {
        Worker worker = rig.worker();
        rig.deleteQueue("mail.orders.parked");

        rig.publish(Event.placed().withBody("not json"));

        await().atMost(WITHIN).until(() -> worker.runs() >= 2);
        await().atMost(WITHIN).until(() -> rig.takeParked().size() == 1);
    }

    @Test
    void a_database_that_dies_under_load_pauses_the_worker_and_loses_nothing() throws Exception {
        Worker worker =
                rig.worker("mail-worker.lease=4s", "mail-worker.smtp.deadline=3s", "mail-worker.in-hand-wait=250ms");
        rig.publish(Event.placed(200));
        rig.sink().awaitCount(20, WITHIN);

        rig.mysql().server().kill();
        worker.awaitState(ConsumerState.PAUSED);
        assertThat(worker.get("/readyz").body()).contains("the database cannot be used");
        rig.mysql().server().start();

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 200);
        List<ReceivedMail> mails = rig.sink().mails();
        long different = different(mails);
        assertThat(different).isEqualTo(200);
        assertThat(mails.size() - different).isLessThanOrEqualTo(rig.rows("SUM(unknowns)"));
        rig.assertNothingLeft();
    }

    private void assertEachMailedOnce(int count) throws Exception {
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == count);
        List<ReceivedMail> mails = rig.sink().mails();
        assertThat(mails).hasSize(count);
        assertThat(different(mails)).isEqualTo(count);
        rig.assertNothingLeft();
    }

    private static long different(List<ReceivedMail> mails) {
        return mails.stream().map(mail -> mail.header("X-Event-Id")).distinct().count();
    }
}
