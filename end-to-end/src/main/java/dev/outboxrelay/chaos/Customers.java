package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Evidence.Command;
import dev.outboxrelay.chaos.OrderStory.Act;
import dev.outboxrelay.chaos.OrderStory.Chapter;
import dev.outboxrelay.demo.OrderClient;
import dev.outboxrelay.demo.OrderClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Customers who place orders at a steady rate, pay, ship and cancel some of them, and try each command again under its one
 * Idempotency-Key until it is answered for good.
 */
final class Customers {

    static final String PLACED = "OrderPlaced";
    private static final int THREADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(300);

    private final OrderClient client;
    private final long seed;
    private final double perSecond;
    private final Ledger ledger = new Ledger();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean enough;

    Customers(OrderClient client, long seed, double perSecond) {
        this.client = client.within(PATIENCE);
        this.seed = seed;
        this.perSecond = perSecond;
    }

    /** Lets them begin; returns at once. */
    void start() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::come, "customer-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    Ledger ledger() {
        return ledger;
    }

    /** No more orders. Waits for those that were begun; what has no answer after that time stays unanswered. */
    void finish(Duration within) throws InterruptedException {
        enough = true;
        long deadline = System.nanoTime() + within.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            thread.interrupt();
        }
    }

    /** Places so many orders more, one after the other, and returns when all are answered. */
    void placeMore(int orders) throws InterruptedException {
        for (int i = 0; i < orders; i++) {
            live(next.getAndIncrement());
        }
    }

    private void come() {
        long pause = Math.round(THREADS / perSecond * 1e3);
        try {
            while (!enough) {
                long begun = System.nanoTime();
                live(next.getAndIncrement());
                Thread.sleep(Math.max(0, pause - (System.nanoTime() - begun) / 1_000_000));
            }
        } catch (InterruptedException notAnswered) {
            return;
        }
    }

    private void live(int number) throws InterruptedException {
        OrderStory story = OrderStory.of(seed, number);
        String key = "chaos-" + seed + "-" + number;
        Optional<String> order = settle(key + "-place", "", story.order(), PLACED);
        for (Chapter chapter : story.later()) {
            if (order.isPresent()) {
                Thread.sleep(chapter.pause().toMillis());
                Act act = chapter.act();
                order = settle(
                        key + act.path().replace('/', '-'), "/" + order.get() + act.path(), act.body(), act.event());
            }
        }
    }

    /** The order's id once the command is accepted; empty if it was refused. */
    private Optional<String> settle(String key, String path, Object body, String event) throws InterruptedException {
        ledger.sent(key);
        while (true) {
            try {
                Answer answer = client.send(path, body, Optional.of(key));
                if (answer.isDone()) {
                    ledger.accepted(key, new Command(answer.orderId(), event));
                    return Optional.of(answer.orderId());
                }
                if (!answer.tryAgain()) {
                    ledger.refused(key, answer.status() + " " + answer.body());
                    return Optional.empty();
                }
                ledger.sentAgain(key, answer.status() + " " + answer.body());
            } catch (IOException e) {
                ledger.sentAgain(key, e.toString());
            }
            Thread.sleep(BREATH.toMillis());
        }
    }
}
