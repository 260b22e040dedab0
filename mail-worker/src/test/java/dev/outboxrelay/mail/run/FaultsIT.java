package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.Direction;
import dev.outboxrelay.local.FaultProxy;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpAnswer;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
    void a_connection_that_is_cut_between_a_mail_and_its_record_leaves_a_duplicate_that_is_not_sent() throws Exception {
        FaultProxy broker = rig.proxyTo(rig.rabbit().server().port());
        FaultProxy database = rig.proxyTo(rig.mysql().server().port());
        Worker worker = rig.worker(
                "spring.rabbitmq.addresses=127.0.0.1:" + broker.port(),
                "spring.datasource.url=" + rig.databaseVia(database.port()));
        rig.sink().onMail(mail -> {
            database.freeze(Direction.TO_SERVER);
            return new SmtpAnswer.Accept();
        });
        rig.publish(Event.placed());
        rig.sink().awaitCount(1, WITHIN);

        broker.cut();
        worker.awaitState(ConsumerState.RECONNECTING);
        rig.sink().onMail(mail -> new SmtpAnswer.Accept());
        broker.heal();
        database.heal();

        await().atMost(WITHIN).until(() -> worker.count("sent") == 1 && worker.count("duplicate") == 1);
        assertThat(rig.rows("SUM(unknowns)")).isZero();
        assertEachMailedOnce(1);
    }

    @Test
    void a_mail_that_takes_longer_than_the_broker_waits_for_its_acknowledgement_is_sent_once() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        rig.sink().onMail(mail -> {
            await().atMost(WITHIN).until(() -> taken.getCount() == 0);
            return new SmtpAnswer.Accept();
        });
        consumerTimeout(500, 200);
        Worker worker = rig.worker();
        try {
            rig.publish(Event.placed());
            await().atMost(WITHIN).until(() -> worker.runs() >= 2);
        } finally {
            consumerTimeout(1_800_000, 60_000);
            taken.countDown();
        }

        await().atMost(WITHIN).until(() -> worker.count("sent") == 1 && worker.count("duplicate") >= 1);
        assertThat(rig.rows("SUM(unknowns)")).isZero();
        rig.publish(Event.placed());
        assertEachMailedOnce(2);
    }

    @Test
    void a_broker_short_of_memory_holds_up_what_is_to_be_parked_and_no_mail() throws Exception {
        rig.worker().close();
        rig.publish(Event.placed().withBody("{"));
        rig.publish(Event.placed(40));
        rig.rabbit().server().control("set_vm_memory_high_watermark", "0.0001");
        try {
            rig.worker("mail-worker.confirm-timeout=1s");
            await().atMost(WITHIN).until(() -> rig.inState("SENT") == 40);
            assertThat(rig.queues().takeParked()).isEmpty();
        } finally {
            rig.rabbit().server().control("set_vm_memory_high_watermark", "0.8");
        }

        await().atMost(WITHIN).until(() -> !rig.queues().takeParked().isEmpty());
        assertThat(different(rig.sink().mails())).isEqualTo(40);
        assertThat(rig.sink().mails()).hasSize(40);
    }

    @Test
    void queues_that_are_deleted_under_the_worker_come_back() throws Exception {
        Worker worker = rig.worker();
        rig.publish(Event.placed(5));
        rig.sink().awaitCount(5, WITHIN);

        for (String queue : List.of("mail.orders.0", "mail.orders.1", "mail.orders.2", "mail.orders.3")) {
            rig.queues().deleteQueue(queue);
        }

        await().atMost(WITHIN).until(() -> worker.runs() >= 2 && worker.status().state() == ConsumerState.CONSUMING);
        rig.publish(Event.placed(5));
        assertEachMailedOnce(10);
    }

    @Test
    void a_message_for_a_queue_that_is_gone_stays_where_it_is_until_the_queue_is_back() throws Exception {
        Worker worker = rig.worker();
        rig.queues().deleteQueue("mail.orders.parked");

        rig.publish(Event.placed().withBody("not json"));

        await().atMost(WITHIN).until(() -> worker.runs() >= 2);
        await().atMost(WITHIN).until(() -> rig.queues().takeParked().size() == 1);
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

    /** For channels that are opened from now on; looked at every so many milliseconds. */
    private void consumerTimeout(int millis, int every) {
        rig.rabbit()
                .server()
                .control(
                        "eval",
                        "application:set_env(rabbit, consumer_timeout, %d), application:set_env(rabbit, channel_tick_interval, %d)."
                                .formatted(millis, every));
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
