package dev.outboxrelay.demo;

import dev.outboxrelay.local.ReceivedMail;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Orders put through a pipeline whose relay is killed in the middle, and what became of each of them. */
final class DemoRun {

    /** Without a new mail for so long, what has not come counts as lost. */
    private static final Duration STALLED_AFTER = Duration.ofMinutes(1);

    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Pipeline pipeline;
    private final Progress progress;
    private final RelayReadings relay;

    DemoRun(Pipeline pipeline, Progress progress) {
        this.pipeline = pipeline;
        this.progress = progress;
        this.relay = new RelayReadings(pipeline.outboxRelay());
    }

    /**
     * Places one order and waits for its mail; then the others at that rate. Kills the relay with SIGKILL once half of them
     * are placed, starts it again when three quarters are, and waits until every order has its mail or no mail has come for
     * a minute.
     *
     * @param orders at least one
     */
    Outcome place(int orders, double perSecond) {
        Placement first = Placement.start(pipeline.orders(), 1, perSecond);
        awaitMails(first, orders);
        progress.say("the first order has %d mail; placing the others".formatted(mails().size()));
        Placement placement = Placement.start(pipeline.orders(), first.placed(), orders, perSecond);
        watch(placement, orders, () -> placement.count() >= orders / 2);
        killRelay(placement);
        watch(placement, orders, () -> placement.count() >= orders - orders / 4);
        progress.say("starting the relay again, with %d orders placed and %d mails received"
                .formatted(placement.count(), mails().size()));
        pipeline.outboxRelay().start();
        watch(placement, orders, () -> false);
        awaitMails(placement, orders);
        placement.refusal().ifPresent(refusal -> progress.say("not every order was placed. " + refusal.getMessage()));
        return outcome(placement, orders);
    }

    private void killRelay(Placement placement) {
        relay.read();
        relay.close();
        pipeline.outboxRelay().kill();
        progress.say("killed the relay with SIGKILL, with %d orders placed and %d mails received; orders go on"
                .formatted(placement.count(), mails().size()));
    }

    /** Shows how far it is until then, at the longest until all are placed. */
    private void watch(Placement placement, int orders, BooleanSupplier enough) {
        while (placement.isRunning() && !enough.getAsBoolean()) {
            show(placement, orders);
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private void awaitMails(Placement placement, int orders) {
        int before = -1;
        long lastArrival = System.nanoTime();
        while (System.nanoTime() - lastArrival < STALLED_AFTER.toNanos() && !isDone(placement)) {
            int now = mails().size();
            if (now != before) {
                before = now;
                lastArrival = System.nanoTime();
            }
            show(placement, orders);
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    /** All that could be placed is, every order has a mail, and the worker has nothing in hand that could become one. */
    private boolean isDone(Placement placement) {
        return !placement.isRunning() && tally(placement, mails()).lost() == 0 && messagesInHand() == 0;
    }

    private long messagesInHand() {
        try (Connection connection = pipeline.audit();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        "SELECT COUNT(*) FROM processed_messages WHERE state IN ('SENDING', 'WAITING')")) {
            count.next();
            return count.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read what the mail worker has in hand", e);
        }
    }

    private void show(Placement placement, int orders) {
        relay.read();
        progress.update("placed %d/%d · confirmed %d · mailed %d"
                .formatted(placement.count(), orders, relay.confirmed(), mails().size()));
    }

    private Outcome outcome(Placement placement, int orders) {
        relay.read();
        List<ReceivedMail> mails = mails();
        return new Outcome(
                orders,
                tally(placement, mails),
                relay.confirmed(),
                relay.commitToConfirm(),
                OrderMails.latencies(placement.placed(), mails));
    }

    private static Tally tally(Placement placement, List<ReceivedMail> mails) {
        List<String> ids =
                placement.placed().stream().map(OrderClient.Placed::orderId).toList();
        return Tally.of(ids, OrderMails.orderIds(mails));
    }

    private List<ReceivedMail> mails() {
        return pipeline.services().sink().mails();
    }
}
