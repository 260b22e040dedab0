package dev.outboxrelay.relay.binlog;

import io.debezium.connector.binlog.BinlogConnectorConfig;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlDatabaseSchema;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.connector.mysql.jdbc.MySqlValueConverters;
import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import io.debezium.relational.TableSchema;
import io.debezium.relational.ddl.DdlParser;
import io.debezium.schema.SchemaChangeEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells Debezium's stream which tables to capture, and nothing else of them: {@link OutboxRows} knows their columns. So no DDL is
 * parsed, whatever is in it, and there is no schema history that could be lost.
 */
final class OutboxTables extends MySqlDatabaseSchema {

    private final OutboxRows rows;

    @SuppressWarnings("NullAway") // converters are for records
    OutboxTables(MySqlConnectorConfig config, MySqlTaskContext context, OutboxRows rows) {
        super(config, null, null, config.schemaNameAdjuster(), false, null, context);
        this.rows = rows;
    }

    @Override
    @SuppressWarnings("NullAway") // that it is there is all that is asked
    public @Nullable TableSchema schemaFor(TableId table) {
        return rows.knows(table.catalog() + "." + table.table())
                ? new TableSchema(table, null, null, null, null, null)
                : null;
    }

    @Override
    public @Nullable Table tableFor(TableId table) {
        return null;
    }

    @Override
    public void assureNonEmptySchema() {
        // The tables have been checked before the stream was opened.
    }

    @Override
    public List<SchemaChangeEvent> parseStreamingDdl(
            MySqlPartition partition, String ddl, String database, MySqlOffsetContext offset, Instant time) {
        return List.of();
    }

    @Override
    @SuppressWarnings("NullAway") // there is nothing to parse
    protected @Nullable DdlParser createDdlParser(BinlogConnectorConfig config, MySqlValueConverters converters) {
        return null;
    }
}
