package dev.outboxrelay.bench.relay;

import dev.outboxrelay.local.MySqlServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Commits at a steady rate, whatever becomes of them: each row is due at a moment fixed beforehand, and a writer that is late
 * does not delay the next one's due time.
 */
final class Load {

    private static final int WRITERS = 8;
    private static final Duration LEAD = Duration.ofMillis(50);

    private final MySqlServer server;
    private final String table;

    Load(MySqlServer server, String table) {
        this.server = server;
        this.table = table;
    }

    /** Commits the rows that the trace expects, and returns after the last commit. */
    void run(Trace trace, int perSecond) {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            long begin = System.nanoTime() + LEAD.toNanos();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                all.add(writers.submit(() -> {
                    write(trace, next, begin, perSecond);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot commit to " + table, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while committing", e);
        } finally {
            writers.shutdownNow();
        }
    }

    private void write(Trace trace, AtomicInteger next, long begin, int perSecond) throws SQLException {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement(OutboxRow.insertInto(table))) {
            for (int i = next.getAndIncrement(); i < trace.rows(); i = next.getAndIncrement()) {
                long due = begin + i * 1_000_000_000L / perSecond;
                OutboxRow.bind(insert, trace.first() + i, 0);
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                insert.executeUpdate();
                trace.committed(i, due, System.nanoTime());
            }
        }
    }
}
