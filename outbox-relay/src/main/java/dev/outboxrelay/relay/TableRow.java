package dev.outboxrelay.relay;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The row of a table that a result set stands at, read over a connection in UTC. */
record TableRow(OutboxTable table, ResultSet row) implements RowMapper.Row {

    /** Wraps what the driver said, which {@link RowMapper.Row#get} may not throw. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final SQLException sqlException;

        UnreadableException(SQLException cause) {
            super(cause);
            sqlException = cause;
        }

        SQLException cause() {
            return sqlException;
        }
    }

    @Override
    public @Nullable Object get(String column) {
        if (!table.columns().contains(column)) {
            return null;
        }
        try {
            Object value = row.getObject(column);
            return value instanceof java.sql.Timestamp || value instanceof LocalDateTime
                    ? row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC)
                    : value;
        } catch (SQLException e) {
            throw new UnreadableException(e);
        }
    }
}
