package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.WriteRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Map;

/** Decodes rows of the outbox tables, and passes over those of others: most of a binlog is not ours. */
final class OutboxRowsDeserializer extends WriteRowsEventDataDeserializer {

    private static final Serializable[] NOTHING = {};

    private final Map<Long, TableMapEventData> outboxes;

    /** @param outboxes the outbox tables by the numbers that they have at present */
    OutboxRowsDeserializer(Map<Long, TableMapEventData> outboxes) {
        super(outboxes);
        this.outboxes = outboxes;
    }

    @Override
    protected Serializable[] deserializeRow(long tableId, BitSet includedColumns, ByteArrayInputStream in)
            throws IOException {
        if (outboxes.containsKey(tableId)) {
            return super.deserializeRow(tableId, includedColumns, in);
        }
        int left = in.available();
        if (in.skip(left) < left) {
            // It would be asked for the next row, and the next, of what does not come any more.
            throw new EOFException("The connection ended within an event of another table");
        }
        return NOTHING;
    }
}
