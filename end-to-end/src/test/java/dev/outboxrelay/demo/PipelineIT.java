package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.demo.OrderClient.Placed;
import dev.outboxrelay.local.ReceivedMail;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One pipeline that runs, and all that it has to survive. */
class PipelineIT {

    @RegisterExtension
    static final PipelineExtension GIVEN = new PipelineExtension();

    private Pipeline pipeline;
    private Mails mails;

    @BeforeEach
    void start() {
        pipeline = GIVEN.pipeline();
        pipeline.startAll();
        mails = new Mails(pipeline);
    }

    @Test
    void every_order_becomes_one_mail_to_its_customer_that_says_what_was_ordered() throws InterruptedException {
        Placement placement = Placement.start(pipeline.orders(), 100, 1_000);
        assertThat(placement.await(Duration.ofMinutes(1))).isTrue();

        assertThat(placement.placed()).hasSize(100);
        mails.assertExactlyOneForEach(placement.placed());
        placement.placed().forEach(this::assertItsMailIsRight);
    }

    private void assertItsMailIsRight(Placed placed) {
        ReceivedMail mail = mails.of(placed);
        SampleOrder order = placed.order();
        assertThat(mail.recipients()).containsExactly(order.email());
        assertThat(mail.subject()).contains(placed.orderId());
        for (String body : List.of(mail.textBody(), mail.htmlBody())) {
            assertThat(body).contains(order.customer());
            order.lines().forEach(line -> assertThat(body).contains(line.name()));
        }
    }

    @Test
    void an_order_that_was_rolled_back_produces_nothing() throws SQLException {
        refuseLinesOf("INK-203");
        SampleOrder doomed = SampleOrder.number(1);
        assertThat(doomed.lines()).anyMatch(line -> line.sku().equals("INK-203"));
        SampleOrder good = SampleOrder.number(3);
        assertThat(good.lines()).noneMatch(line -> line.sku().equals("INK-203"));

        assertThatThrownBy(() -> pipeline.orders().place(doomed)).isInstanceOf(OrderRefusedException.class);
        refuseNothing();
        Placed placed = pipeline.orders().place(good);

        mails.awaitOneForEach(List.of(placed));
        assertThat(mails.count()).isEqualTo(1);
    }

    /** The database refuses the order's lines, when the order itself is written already. */
    private void refuseLinesOf(String sku) throws SQLException {
        execute("CREATE TRIGGER refuse BEFORE INSERT ON order_lines FOR EACH ROW IF NEW.sku = '" + sku
                + "' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by the test'; END IF");
    }

    private void refuseNothing() throws SQLException {
        execute("DROP TRIGGER refuse");
    }

    private void execute(String change) throws SQLException {
        try (Connection root = pipeline.services().mysql().connect();
                Statement statement = root.createStatement()) {
            statement.execute("USE " + pipeline.scope().names().orders());
            statement.execute(change);
        }
    }

    @Test
    void a_relay_killed_while_it_publishes_loses_nothing() {
        Placement placement = Placement.start(pipeline.orders(), 600, 150);

        for (int part : new int[] {200, 400}) {
            Orders.await(placement, part);
            mails.awaitCount(1);
            pipeline.outboxRelay().kill();
            assertThat(mails.count()).as("mails at the time of death").isLessThan(600);
            pipeline.outboxRelay().start();
        }

        mails.assertExactlyOneForEach(Orders.all(placement, 600));
    }

    @Test
    void a_broker_restarted_and_killed_while_orders_flow_loses_nothing() {
        Placement placement = Placement.start(pipeline.orders(), 400, 50);

        Orders.await(placement, 100);
        pipeline.services().rabbit().restart();
        Orders.await(placement, 300);
        pipeline.services().rabbit().kill();
        pipeline.services().rabbit().start();

        mails.assertExactlyOneForEach(Orders.all(placement, 400));
    }
}
