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
    private static final String NOT_IN_THE_BINLOG = "SET SESSION sql_log_bin = 0";
    private static final String OLD = " WHERE created_at < NOW(6) - INTERVAL 20 DAY";
    private static final int AGED = 60_000;

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
     * @param foreign what is committed after each transaction
     */
    record Shape(int payloadBytes, int rowsPerTransaction, Foreign foreign) {

        /** A transaction each, and nothing else in the binlog. */
        static Shape single(int payloadBytes) {
            return new Shape(payloadBytes, 1, Foreign.NONE);
        }
    }

    /** That many rows of {@link #FOREIGN}, committed some at a time. */
    record Foreign(int rows, int perTransaction) {
        static final Foreign NONE = new Foreign(0, 1);
    }

    /** Makes the table of foreign rows, of which an outbox relay wants to know nothing. */
    void prepareForeign() {
        sql.run(
                "CREATE SCHEMA elsewhere",
                "CREATE TABLE " + FOREIGN + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, content VARCHAR(500) NOT NULL)");
    }

    /** Makes rows of the table look older than any retention, unseen by the binlog; returns how many. */
    long age(String table) {
        sql.run(
                NOT_IN_THE_BINLOG,
                "UPDATE %s SET created_at = created_at - INTERVAL 30 DAY LIMIT %d".formatted(table, AGED));
        return aged(table);
    }

    /** How many of those are left. */
    long aged(String table) {
        return Long.parseLong(sql.read("SELECT COUNT(*) FROM " + table + OLD));
    }

    void forgetAged(String table) {
        sql.run(NOT_IN_THE_BINLOG, "DELETE FROM " + table + OLD);
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
                writeForeign(connection, shape.foreign());
            }
        }
    }

    private static void writeForeign(Connection connection, Foreign foreign) throws SQLException {
        if (foreign.rows() == 0) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + FOREIGN + " (content) VALUES (REPEAT('x', 300))")) {
            for (int i = 1; i <= foreign.rows(); i++) {
                insert.executeUpdate();
                if (i % foreign.perTransaction() == 0 || i == foreign.rows()) {
                    connection.commit();
                }
            }
        }
    }

    private static long take(AtomicLong left, long wanted) {
        long before = left.getAndUpdate(n -> Math.max(0, n - wanted));
        return Math.min(before, wanted);
    }
}
