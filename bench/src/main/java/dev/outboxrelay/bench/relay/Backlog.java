package dev.outboxrelay.bench.relay;

import dev.outboxrelay.bench.Sql;
import dev.outboxrelay.local.MySqlServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows committed before the clock starts. While they are written, commits are not forced to disk one by one: what is in the
 * binlog is the same, and nothing is measured meanwhile.
 */
final class Backlog {

    private static final String FOREIGN = "elsewhere.`rows`";
    private static final int WRITERS = 8;

    private final MySqlServer server;
    private final Sql sql;
    private final AtomicLong numbers;

    /** @param numbers the next row's number, also of rows written by others */
    Backlog(MySqlServer server, AtomicLong numbers) {
        this.server = server;
        this.sql = new Sql(server);
        this.numbers = numbers;
    }

    /** Commits one row and returns its number. */
    long writeOne(String table) {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement(OutboxRow.insertInto(table))) {
            long number = numbers.getAndIncrement();
            OutboxRow.bind(insert, number, 0);
            insert.executeUpdate();
            return number;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot write to " + table, e);
        }
    }

    /**
     * What rows are like.
     *
     * @param payloadBytes of each, about
     * @param rowsPerTransaction how many are committed at once
     * @param foreignPerTransaction how many rows of {@link #FOREIGN} are committed after each transaction, one by one
     */
    record Shape(int payloadBytes, int rowsPerTransaction, int foreignPerTransaction) {}

    /** Makes the table of foreign rows, of which an outbox relay wants to know nothing. */
    void prepareForeign() {
        sql.run(
                "CREATE SCHEMA elsewhere",
                "CREATE TABLE " + FOREIGN + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, content VARCHAR(500) NOT NULL)");
    }

    /** Commits that many rows to the table. */
    void write(String table, long rows, Shape shape) {
        sql.run("SET GLOBAL sync_binlog = 0", "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            AtomicLong left = new AtomicLong(rows);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                all.add(writers.submit(() -> {
                    writeSome(table, left, shape);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot write the backlog", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while writing the backlog", e);
        } finally {
            writers.shutdownNow();
            sql.run("SET GLOBAL sync_binlog = 1", "SET GLOBAL innodb_flush_log_at_trx_commit = 1", "FLUSH BINARY LOGS");
        }
    }

    private void writeSome(String table, AtomicLong left, Shape shape) throws SQLException {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement(OutboxRow.insertInto(table))) {
            int rowsPerTransaction = shape.rowsPerTransaction();
            connection.setAutoCommit(false);
            for (long mine = take(left, rowsPerTransaction); mine > 0; mine = take(left, rowsPerTransaction)) {
                for (int i = 0; i < mine; i++) {
                    OutboxRow.bind(insert, numbers.getAndIncrement(), shape.payloadBytes());
                    insert.executeUpdate();
                }
                connection.commit();
                writeForeign(connection, shape.foreignPerTransaction());
            }
        }
    }

    private static void writeForeign(Connection connection, int rows) throws SQLException {
        if (rows == 0) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + FOREIGN + " (content) VALUES (REPEAT('x', 300))")) {
            for (int i = 0; i < rows; i++) {
                insert.executeUpdate();
                connection.commit();
            }
        }
    }

    private static long take(AtomicLong left, long wanted) {
        long before = left.getAndUpdate(n -> Math.max(0, n - wanted));
        return Math.min(before, wanted);
    }
}
