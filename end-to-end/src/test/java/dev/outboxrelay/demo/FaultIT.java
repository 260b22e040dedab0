package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.demo.OrderClient.Placed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each with a pipeline of its own, since what matters is how it starts, or how it is configured. */
class FaultIT {

    @RegisterExtension
    final PipelineExtension given = new PipelineExtension();

    private Pipeline pipeline;
    private Mails mails;

    @BeforeEach
    void start() {
        pipeline = given.pipeline();
        mails = new Mails(pipeline);
    }

    @Test
    void a_worker_killed_while_it_sends_loses_nothing_and_every_duplicate_is_accounted_for() throws SQLException {
        pipeline.mailWorker().set("MAIL_WORKER_SMTP_DEADLINE", "2s");
        pipeline.mailWorker().set("MAIL_WORKER_LEASE", "3s");
        pipeline.startAll();
        Placement placement = Placement.start(pipeline.orders(), 400, 100);

        for (int part : new int[] {100, 200, 300}) {
            Orders.await(placement, part);
            int before = mails.count();
            mails.awaitCount(before + 1);
            pipeline.mailWorker().kill();
            pipeline.mailWorker().start();
        }

        List<Placed> orders = Orders.all(placement, 400);
        mails.awaitOneForEach(orders);
        awaitNothingInHand();
        assertThat(Tally.of(ids(orders), mails.byOrder().keySet()).unknown()).isZero();
        Map<String, Integer> unknowns = unknownOutcomes();
        mails.byEvent().forEach((event, sent) -> assertThat(sent.size() - 1)
                .as("mails too many for event " + event)
                .isLessThanOrEqualTo(unknowns.getOrDefault(event, 0)));
    }

    @Test
    void orders_placed_before_the_relays_first_start_are_delivered() throws InterruptedException {
        pipeline.orderApp().start();
        pipeline.mailWorker().start();
        Placement placement = Placement.start(pipeline.orders(), 50, 1_000);
        assertThat(placement.await(Duration.ofMinutes(1))).isTrue();

        pipeline.outboxRelay().start();

        assertThat(placement.placed()).hasSize(50);
        mails.assertExactlyOneForEach(placement.placed());
    }

    @Test
    void an_unroutable_event_holds_the_offset_until_its_binding_comes() throws SQLException {
        pipeline.orderApp().start();
        pipeline.outboxRelay().start();

        Placed first = pipeline.orders().place(SampleOrder.number(1));
        awaitRelay("BLOCKED");
        Placed second = pipeline.orders().place(SampleOrder.number(2));
        awaitReturnedAgain();
        assertThat(eventsBehindTheOffset()).isZero();

        pipeline.mailWorker().start();

        mails.assertExactlyOneForEach(List.of(first, second));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(eventsBehindTheOffset()).isGreaterThanOrEqualTo(2));
    }

    private void awaitRelay(String state) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() ->
                        assertThat(pipeline.outboxRelay().health().orElse("")).contains("\"" + state + "\""));
    }

    private void awaitReturnedAgain() {
        double before = returned();
        await().atMost(Duration.ofMinutes(1)).until(() -> returned() > before);
    }

    private double returned() {
        return pipeline.outboxRelay()
                .metrics()
                .map(metrics -> metrics.sum("outbox_relay_events_returned_total"))
                .orElse(0.0);
    }

    private long eventsBehindTheOffset() throws SQLException {
        return number("SELECT COALESCE(SUM(events), 0) FROM "
                + pipeline.scope().names().relay() + ".relay_offset");
    }

    private void awaitNothingInHand() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> number("SELECT COUNT(*) FROM processed_messages" + " WHERE state <> 'SENT'") == 0);
    }

    /** For each event, how often nobody could tell whether its mail was sent: each may be one mail too many. */
    private Map<String, Integer> unknownOutcomes() throws SQLException {
        Map<String, Integer> unknowns = new HashMap<>();
        try (Connection connection = pipeline.audit();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT message_id, unknowns FROM processed_messages")) {
            while (rows.next()) {
                unknowns.put(rows.getString(1), rows.getInt(2));
            }
        }
        return unknowns;
    }

    private static List<String> ids(List<Placed> orders) {
        return orders.stream().map(Placed::orderId).toList();
    }

    private long number(String query) throws SQLException {
        try (Connection connection = pipeline.audit();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
