package dev.outboxrelay.relay.binlog;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.SourceEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What {@link BinlogReader} hands over, in the order of the binlog. */
public sealed interface BinlogEntry {

    /**
     * A transaction begins. Every transaction has one, also one without an event.
     *
     * @param gtid null where GTIDs are off
     * @param committedAt by the server's clock, to the microsecond
     * @param before resuming here, this transaction comes first
     */
    record Begin(@Nullable String gtid, Instant committedAt, Position before) implements BinlogEntry {}

    /**
     * An outbox row was inserted.
     *
     * @param event a {@link SourceEvent.Row} or a {@link SourceEvent.Poison}; resuming at its position, what follows it comes first
     */
    record Event(SourceEvent event, Begin transaction) implements BinlogEntry {}

    /**
     * A transaction has ended.
     *
     * @param after resuming here, the next transaction comes first
     */
    record End(Begin transaction, Position after) implements BinlogEntry {}

    /** There is nothing more at present; only where the reader follows the binlog. */
    record Idle() implements BinlogEntry {}

    /** Takes entries. */
    @FunctionalInterface
    interface Visitor {

        /** @return whether to go on */
        boolean visit(BinlogEntry entry);
    }
}
