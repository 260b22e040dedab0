package dev.outboxrelay.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** So many workers, each of which begins anew as soon as it has finished. */
final class ClosedLoop {

    private static final long LONGEST_MICROS = 600_000_000L;
    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long GLANCE_NANOS = 50_000_000L;

    private final Work.Maker maker;
    private final int workers;
    private volatile boolean measuring;
    private volatile boolean over;

    ClosedLoop(Work.Maker maker, int workers) {
        this.maker = maker;
        this.workers = workers;
    }

    /** What happens where the measured time begins and ends. */
    interface Edges {
        void begin();

        void end();
    }

    /**
     * Lets them connect, and then work for both times.
     *
     * @return microseconds of each that was finished within the measured time
     * @throws ExecutionException with what went wrong in any of them
     */
    Histogram run(Duration warmUp, Duration measured, Edges edges) throws ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<Work>> ready = threads.invokeAll(Collections.nCopies(workers, maker::make));
            List<Future<Histogram>> all = new ArrayList<>();
            for (Future<Work> one : ready) {
                Work work = one.get();
                all.add(threads.submit(() -> repeat(work)));
            }
            pass(warmUp, all);
            edges.begin();
            measuring = true;
            pass(measured, all);
            measuring = false;
            edges.end();
            over = true;
            Histogram sum = new Histogram(LONGEST_MICROS, DIGITS);
            for (Future<Histogram> one : all) {
                sum.add(one.get());
            }
            return sum;
        } finally {
            over = true;
            threads.shutdownNow();
        }
    }

    /** Lets that time pass, or ends at once with the failure of a worker. */
    private static void pass(Duration time, List<Future<Histogram>> all)
            throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, GLANCE_NANOS));
            for (Future<Histogram> one : all) {
                if (one.isDone()) {
                    one.get();
                }
            }
        }
    }

    private Histogram repeat(Work made) throws Exception {
        Histogram micros = new Histogram(LONGEST_MICROS, DIGITS);
        try (Work work = made) {
            while (!over) {
                long begun = System.nanoTime();
                work.once();
                if (measuring) {
                    long took = (System.nanoTime() - begun) / NANOS_PER_MICRO;
                    micros.recordValue(Math.min(took, LONGEST_MICROS));
                }
            }
        }
        return micros;
    }
}
