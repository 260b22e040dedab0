package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.GtidSet;
import dev.outboxrelay.relay.Position;
import org.jspecify.annotations.Nullable;

/**
 * Tells which events a position holds: those that come no more when a relay resumes there.
 *
 * <p>With GTIDs they alone count, as when resuming: at the beginning of a stream Debezium's place in the file is not yet where
 * its GTIDs are. Only inside a transaction that place is right, and tells which one it is.
 */
public final class Coverage {

    private final Position position;
    private final @Nullable GtidSet gtids;

    private Coverage(Position position, @Nullable GtidSet gtids) {
        this.position = position;
        this.gtids = gtids;
    }

    /**
     * Of a position on the server that is read.
     *
     * @param position in the terms of that server; if it was stored on another one, without what it says of the inside of a
     *     transaction
     */
    public static Coverage of(Position position) {
        return new Coverage(position, position.gtids() == null ? null : new GtidSet(position.gtids()));
    }

    public boolean covers(BinlogEntry.Event event) {
        Position behind = event.event().position();
        String gtid = event.transaction().gtid();
        if (gtids == null || gtid == null) {
            return Position.compare(behind, position) <= 0;
        }
        return isIn(gtid, gtids)
                || (position.isInTransaction() && isSamePlace(behind) && Position.compare(behind, position) <= 0);
    }

    /** Whether nothing that it covers can come from here on. */
    public boolean isOver(BinlogEntry.Begin transaction) {
        Position before = transaction.before();
        if (gtids == null || before.gtids() == null) {
            return Position.compare(before, position) >= 0;
        }
        return gtids.isContainedWithin(new GtidSet(before.gtids()))
                && (!position.isInTransaction() || Position.compare(before, position) >= 0);
    }

    private boolean isSamePlace(Position behind) {
        return behind.pos() == position.pos() && String.valueOf(behind.file()).equals(position.file());
    }

    /** Whether a set holds a transaction. */
    public static boolean isIn(String gtid, String gtids) {
        return isIn(gtid, new GtidSet(gtids));
    }

    private static boolean isIn(String gtid, GtidSet set) {
        return new GtidSet(gtid).isContainedWithin(set);
    }
}
