package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.demo.OrderClient.Placed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the broker confirmed and lost afterwards is noticed by nobody but by who asks the consumer. */
class VerificationIT {

    @RegisterExtension
    final PipelineExtension given = new PipelineExtension();

    @Test
    void mails_whose_messages_somebody_deleted_from_the_queues_are_sent_all_the_same_once_each() {
        Pipeline pipeline = given.pipeline();
        Mails mails = new Mails(pipeline);
        pipeline.outboxRelay().set("RELAY_VERIFICATION_AFTER", "2s");
        pipeline.outboxRelay().set("RELAY_VERIFICATION_INTERVAL", "200ms");
        pipeline.outboxRelay().set("RELAY_VERIFICATION_REDRIVES", "1000");
        pipeline.startAll();
        List<Placed> orders = new ArrayList<>(List.of(pipeline.orders().place(SampleOrder.number(0))));
        mails.awaitOneForEach(orders);
        pipeline.mailWorker().stop();
        for (int n = 1; n <= 20; n++) {
            orders.add(pipeline.orders().place(SampleOrder.number(n)));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> relay(pipeline, "outbox_relay_events_confirmed_total") >= 21);
        purgeQueues(pipeline);

        pipeline.mailWorker().start();

        mails.assertExactlyOneForEach(orders);
        assertThat(relay(pipeline, "outbox_relay_events_redriven_total")).isGreaterThanOrEqualTo(1);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(audit(pipeline))
                .contains("\"SENT\" : 22", "\"RECENT\" : 0", "\"MISSING\" : 0", "\"missing\" : [ ]"));
    }

    private static double relay(Pipeline pipeline, String metric) {
        return pipeline.outboxRelay()
                .metrics()
                .map(metrics -> metrics.sum(metric))
                .orElse(0.0);
    }

    private static void purgeQueues(Pipeline pipeline) {
        String vhost = pipeline.scope().vhost();
        pipeline.services()
                .rabbit()
                .control("-q", "list_queues", "-p", vhost, "--no-table-headers", "name")
                .lines()
                .forEach(queue -> pipeline.services().rabbit().control("purge_queue", "-p", vhost, queue.strip()));
    }

    private static String audit(Pipeline pipeline) {
        Shell audit = Shell.run(
                Home.find().root(), pipeline.outboxRelay().environment(), "bin/outbox-relay", "audit", "-o", "json");
        assertThat(audit.exitCode()).as(audit.output()).isZero();
        return audit.output();
    }
}
