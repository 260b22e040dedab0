package dev.outboxrelay.bench.relay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/** When each of some rows was due, was committed, and arrived. */
final class Trace {

    private static final long LONGEST_MICROS = 600_000_000L;
    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;

    private final long first;
    private final AtomicLongArray due;
    private final AtomicLongArray committed;
    private final AtomicLongArray arrived;
    private final AtomicInteger arrivals = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();

    /** @param first the number of the first row */
    Trace(long first, int rows) {
        this.first = first;
        this.due = new AtomicLongArray(rows);
        this.committed = new AtomicLongArray(rows);
        this.arrived = new AtomicLongArray(rows);
    }

    long first() {
        return first;
    }

    int rows() {
        return due.length();
    }

    /** The commit of that row, counted from the first, has returned. */
    void committed(int row, long wasDue, long now) {
        due.set(row, wasDue);
        committed.set(row, now);
    }

    /** A message with that number has come; numbers of other rows are nothing to us. */
    void arrived(long number, long now) {
        long row = number - first;
        if (row < 0 || row >= rows()) {
            return;
        }
        if (arrived.compareAndSet((int) row, 0, now)) {
            arrivals.incrementAndGet();
        } else {
            duplicates.incrementAndGet();
        }
    }

    int missing() {
        return rows() - arrivals.get();
    }

    int duplicates() {
        return duplicates.get();
    }

    /** Microseconds from the moment at which a commit was due until its message came. */
    Histogram sinceDue() {
        return since(due);
    }

    /** Microseconds from the commit's return until its message came; 0 where the message was first. */
    Histogram sinceCommit() {
        return since(committed);
    }

    private Histogram since(AtomicLongArray beginnings) {
        Histogram histogram = new Histogram(LONGEST_MICROS, DIGITS);
        for (int row = 0; row < rows(); row++) {
            if (arrived.get(row) != 0) {
                long micros = Math.max(0, arrived.get(row) - beginnings.get(row)) / NANOS_PER_MICRO;
                histogram.recordValue(Math.min(micros, LONGEST_MICROS));
            }
        }
        return histogram;
    }
}
