package dev.outboxrelay.relay.offsets;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of Debezium's JDBC offset store, in the same server.
 *
 * @param table {@code schema.table}
 */
public record DebeziumTable(JdbcClient jdbc, String table) {

    private static final Pattern NAME = Pattern.compile("[\\w$]+\\.[\\w$]+");

    public DebeziumTable {
        if (!NAME.matcher(table).matches()) {
            throw new IllegalArgumentException("not of the form schema.table: " + table);
        }
    }

    /**
     * The entries of MySQL connectors.
     *
     * @throws DataAccessException where it can't be read
     */
    public List<DebeziumOffset> read() {
        return jdbc
                .sql("SELECT offset_key, offset_val FROM `%s` ORDER BY record_insert_ts, record_insert_seq"
                        .formatted(table.replace(".", "`.`")))
                .query((row, number) -> DebeziumOffset.read(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }
}
