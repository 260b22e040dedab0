package dev.outboxrelay.mail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of one key one after another, in the order they came, and those of different keys at once. The number
 * of threads follows the load: one more whenever a task would have to wait, up to the maximum; those that find nothing
 * to do for a while end, down to the minimum.
 */
public final class Lanes implements AutoCloseable {
    /** One piece of work. */
    @FunctionalInterface
    public interface Task {
        /** What to wait before running it once more in the same place of its lane; empty when it is done. */
        Optional<Duration> run() throws InterruptedException;
    }

    private final int min;
    private final int max;
    private final Duration keepAlive;
    private final Map<String, Deque<Task>> lanes = new HashMap<>();
    private final Deque<String> ready = new ArrayDeque<>();
    private final ScheduledExecutorService pauses = Executors.newSingleThreadScheduledExecutor(Lanes::daemon);
    private int threads;
    private int idle;
    private int number;
    private boolean closed;

    public Lanes(int min, int max, Duration keepAlive) {
        this.min = min;
        this.max = max;
        this.keepAlive = keepAlive;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "lane-pauses");
        thread.setDaemon(true);
        return thread;
    }

    /** Puts a task at the end of its lane. Never waits. */
    public synchronized void add(String key, Task task) {
        Deque<Task> lane = lanes.get(key);
        if (lane == null) {
            lane = new ArrayDeque<>();
            lanes.put(key, lane);
            lane.add(task);
            ready(key);
        } else {
            lane.add(task);
        }
    }

    /** How many threads there are. */
    public synchronized int consumers() {
        return threads;
    }

    /** How many tasks run or wait. */
    public synchronized int inHand() {
        return lanes.values().stream().mapToInt(Deque::size).sum();
    }

    private synchronized void ready(String key) {
        if (closed) {
            return;
        }
        ready.add(key);
        if (ready.size() > idle && threads < max) {
            threads++;
            Thread thread = new Thread(this::work, "consumer-" + ++number);
            thread.setDaemon(true);
            thread.start();
        } else {
            notify();
        }
    }

    private void work() {
        boolean ended = false;
        try {
            for (String key = next(); key != null; key = next()) {
                after(key, head(key).run());
            }
            ended = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ended) {
                died();
            }
        }
    }

    /** The next lane with something to do, or null when this thread is not needed any more. */
    private synchronized @Nullable String next() throws InterruptedException {
        long end = System.nanoTime() + keepAlive.toNanos();
        while (ready.isEmpty()) {
            long left = end - System.nanoTime();
            if (closed || (left <= 0 && threads > min)) {
                threads--;
                return null;
            }
            idle++;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left <= 0 ? keepAlive.toNanos() : left);
            } finally {
                idle--;
            }
        }
        return ready.remove();
    }

    private synchronized Task head(String key) {
        return lanes.getOrDefault(key, new ArrayDeque<>()).element();
    }

    private synchronized void after(String key, Optional<Duration> again) {
        if (again.isPresent()) {
            if (!closed) {
                var unused = pauses.schedule(() -> ready(key), again.get().toNanos(), TimeUnit.NANOSECONDS);
            }
            return;
        }
        Deque<Task> lane = lanes.getOrDefault(key, new ArrayDeque<>());
        lane.poll();
        if (lane.isEmpty()) {
            lanes.remove(key);
        } else {
            ready(key);
        }
    }

    private synchronized void died() {
        threads--;
    }

    /** Starts nothing more; what runs goes on to its end. */
    @Override
    public synchronized void close() {
        closed = true;
        ready.clear();
        pauses.shutdownNow();
        notifyAll();
    }
}
