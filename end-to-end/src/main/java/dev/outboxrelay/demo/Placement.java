package dev.outboxrelay.demo;

import dev.outboxrelay.demo.OrderClient.Placed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Orders on their way to the API from a few clients at once, at a steady rate; the first refusal ends it. */
public final class Placement {

    private static final int CLIENTS = 4;

    private final OrderClient client;
    private final int orders;
    private final double perSecond;
    private final int first;
    private final long startedAt = System.nanoTime();
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedQueue<Placed> placed = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable OrderRefusedException> refusal = new AtomicReference<>();
    private final CountDownLatch running = new CountDownLatch(CLIENTS);

    private Placement(OrderClient client, List<Placed> already, int orders, double perSecond) {
        this.placed.addAll(already);
        this.next.set(already.size());
        this.first = already.size();
        this.client = client;
        this.orders = orders;
        this.perSecond = perSecond;
    }

    /** Starts to place that many orders and returns at once. */
    public static Placement start(OrderClient client, int orders, double perSecond) {
        return start(client, List.of(), orders, perSecond);
    }

    /** The same, where the first of these orders are placed already. */
    static Placement start(OrderClient client, List<Placed> already, int orders, double perSecond) {
        Placement placement = new Placement(client, already, orders, perSecond);
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(placement::run, "order-client-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return placement;
    }

    /** The orders answered with 201 so far. */
    public List<Placed> placed() {
        return List.copyOf(placed);
    }

    public int count() {
        return placed.size();
    }

    /** Why it ended early, if it did. */
    public Optional<OrderRefusedException> refusal() {
        return Optional.ofNullable(refusal.get());
    }

    /** Waits for the last answer; false if it takes longer than that. */
    public boolean await(Duration limit) throws InterruptedException {
        return running.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    public boolean isRunning() {
        return running.getCount() > 0;
    }

    private void run() {
        try {
            for (int n = next.getAndIncrement(); n < orders && refusal.get() == null; n = next.getAndIncrement()) {
                awaitTurn(n);
                placed.add(client.place(SampleOrder.number(n)));
            }
        } catch (OrderRefusedException e) {
            refusal.compareAndSet(null, e);
        } finally {
            running.countDown();
        }
    }

    private void awaitTurn(int n) {
        long turn = startedAt + Math.round((n - first) / perSecond * 1e9);
        while (System.nanoTime() - turn < 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(turn - System.nanoTime());
        }
    }
}
