package dev.outboxrelay.demo;

import dev.outboxrelay.local.ReceivedMail;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

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
     * Places the orders at that rate, kills the relay with SIGKILL once half of them are placed, starts it again when three
     * quarters are, and waits until every order has its mail or no mail has come for a minute.
     */
    Outcome place(int orders, double perSecond) {
        Placement placement = Placement.start(pipeline.orders(), orders, perSecond);
        watch(placement, orders / 2, orders);
        killRelay(placement);
        watch(placement, orders - orders / 4, orders);
        progress.say("starting the relay again, with %d orders placed and %d mails received"
                .formatted(placement.count(), mails().size()));
        pipeline.outboxRelay().start();
        watch(placement, orders, orders);
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

    private void watch(Placement placement, int until, int orders) {
        while (placement.isRunning() && placement.count() < until) {
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

    /** Every order has a mail, and the worker has nothing in hand that could still become one. */
    private boolean isDone(Placement placement) {
        return tally(placement, mails()).lost() == 0 && messagesInHand() == 0;
    }

    private long messagesInHand() {
        try (Connection connection = pipeline.audit();
                Statement statement = connection.createStatement();
                ResultSet count =
                        statement.executeQuery("SELECT COUNT(*) FROM processed_messages WHERE state = 'SENDING'")) {
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
