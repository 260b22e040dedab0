package dev.outboxrelay.bench.peer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A poller on a status column, as tutorials write it: select what is new, publish it, wait for the confirms, mark it as
 * sent, commit; sleep where there was less than a batch.
 */
public final class PollerPeer {

    private final Connection connection;
    private final PeerPublisher publisher;
    private final String table;
    private final int batch;

    private PollerPeer(Connection connection, PeerPublisher publisher, String table, int batch) {
        this.connection = connection;
        this.publisher = publisher;
        this.table = table;
        this.batch = batch;
    }

    /** Polls until it is killed. */
    public static void main(String[] args) throws Exception {
        PeerSettings settings = PeerSettings.ofThisProcess();
        String url = "jdbc:mysql://%s:%d/?rewriteBatchedStatements=true"
                .formatted(settings.mysqlHost(), settings.mysqlPort());
        Connection connection = DriverManager.getConnection(url, settings.mysqlUser(), settings.mysqlPassword());
        connection.setAutoCommit(false);
        // With gaps locked too, it and the writers would fall into deadlocks.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        int batch = settings.number("BENCH_BATCH");
        int pauseMillis = settings.number("BENCH_PAUSE_MILLIS");
        PollerPeer peer = new PollerPeer(connection, PeerPublisher.connect(settings), settings.table(), batch);
        while (!Thread.currentThread().isInterrupted()) {
            if (peer.publishBatch() < batch) {
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        }
    }

    private int publishBatch() throws Exception {
        List<byte[]> ids = new ArrayList<>(batch);
        for (PeerRow row : select()) {
            publisher.publish(row);
            ids.add(row.id());
        }
        publisher.awaitConfirms();
        if (!ids.isEmpty()) {
            mark(ids);
        }
        connection.commit();
        return ids.size();
    }

    private List<PeerRow> select() throws SQLException {
        List<PeerRow> rows = new ArrayList<>(batch);
        String sql = "SELECT id, aggregatetype, aggregateid, type, payload, aggregate_version, created_at FROM " + table
                + " WHERE status = 'NEW' ORDER BY created_at, id LIMIT " + batch + " FOR UPDATE SKIP LOCKED";
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet result = select.executeQuery()) {
            while (result.next()) {
                rows.add(new PeerRow(
                        result.getBytes(1),
                        result.getString(2),
                        result.getString(3),
                        result.getString(4),
                        result.getBytes(5),
                        result.getLong(6),
                        result.getTimestamp(7).toInstant()));
            }
        }
        return rows;
    }

    private void mark(List<byte[]> ids) throws SQLException {
        String places = "?,".repeat(ids.size() - 1) + "?";
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + table + " SET status = 'SENT' WHERE id IN (" + places + ")")) {
            for (int i = 0; i < ids.size(); i++) {
                update.setBytes(i + 1, ids.get(i));
            }
            update.executeUpdate();
        }
    }
}
