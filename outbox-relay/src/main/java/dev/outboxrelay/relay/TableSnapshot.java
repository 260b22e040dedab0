package dev.outboxrelay.relay;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows that stand in the outbox tables, in the order of each aggregate.
 *
 * <p>No lock is taken. The caller first stores a binlog position and then calls this: a transaction before that position is in
 * the snapshot, one behind it comes with the binlog, and one that commits in between comes twice, never not at all.
 */
final class TableSnapshot {

    private static final Logger log = LoggerFactory.getLogger(TableSnapshot.class);
    /** The server sorts before it sends the first row, and a large table takes its time. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final DataSource database;
    private final OutboxColumns columns;
    private final RowMapper mapper;
    private volatile @Nullable Connection reading;

    TableSnapshot(DataSource database, OutboxColumns columns, RowMapper mapper) {
        this.database = database;
        this.columns = columns;
        this.mapper = mapper;
    }

    /**
     * Hands over every row.
     *
     * @param position given to each event: the place to resume at is the same for all of them
     * @return how many rows there were
     */
    long read(List<OutboxTable> tables, Position position, EventSink sink) throws SQLException, InterruptedException {
        long rows = 0;
        try (Connection connection = database.getConnection();
                Statement statement =
                        connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            reading = connection;
            connection.setNetworkTimeout(Runnable::run, (int) LONGEST_WAIT.toMillis());
            // Rows one by one: the table may be larger than the heap.
            statement.setFetchSize(Integer.MIN_VALUE);
            for (OutboxTable table : tables) {
                ResultSet row = statement.executeQuery(query(table));
                while (row.next()) {
                    try {
                        sink.accept(event(table, row, position));
                    } catch (InterruptedException e) {
                        // Closed in good order, the driver would first read all the rows that are left.
                        abort();
                        throw e;
                    }
                    rows++;
                }
            }
        } finally {
            reading = null;
        }
        return rows;
    }

    /** Ends the reading that is under way, if there is one, by closing its connection. */
    void abort() {
        Connection connection = reading;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("The connection of a snapshot could not be aborted; it ends by its time limit", e);
            }
        }
    }

    private String query(OutboxTable table) {
        return "SELECT * FROM " + table.quoted() + " ORDER BY " + order(table, columns);
    }

    /** Columns to sort by so that each aggregate's rows are in their order, as far as the table knows it. */
    static String order(OutboxTable table, OutboxColumns columns) {
        boolean versions = table.columns().contains(columns.aggregateVersion());
        return Stream.of(
                        versions ? columns.aggregateType() : "",
                        versions ? columns.aggregateId() : "",
                        columns.aggregateVersion(),
                        columns.createdAt(),
                        columns.id())
                .filter(table.columns()::contains)
                .map(OutboxTable::quoted)
                .collect(Collectors.joining(", "));
    }

    private SourceEvent event(OutboxTable table, ResultSet row, Position position) throws SQLException {
        TableRow values = new TableRow(table, row);
        try {
            OutboxMessage message = mapper.map(table.toString(), values);
            return new SourceEvent.Row(message, position, SourceEvent.UNKNOWN_TIME);
        } catch (RowMapper.UnmappableException e) {
            return new SourceEvent.Poison(mapper.poison(table.toString(), values, e), position);
        } catch (TableRow.UnreadableException e) {
            throw e.cause();
        }
    }
}
