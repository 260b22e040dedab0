package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeader;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.GtidEventData;
import com.github.shyiko.mysql.binlog.event.GtidTaggedEventData;
import com.github.shyiko.mysql.binlog.event.PreviousGtidSetEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TransactionPayloadEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.SourceEvent;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps count along the binlog, as Debezium does: which transactions are complete, where the present one begins, and which of
 * its events and rows have come. A position made here means the same to a Debezium connector as one of its own.
 */
final class BinlogWalk {

    private final OutboxRows rows;
    private final BinlogEntry.Visitor visitor;
    private final Skip skip;
    private @Nullable GtidSet completed;
    private String file;
    private long eventStart;
    private long eventEnd;
    private long beginStart;
    private int eventsInTransaction;
    private BinlogEntry.@Nullable Begin transaction;

    /** What of the first transaction has been read before: that many events behind its BEGIN, and rows of the next. */
    private static final class Skip {

        private final int events;
        private final int rows;
        private boolean done;

        Skip(Position from) {
            events = number(from, "event");
            rows = number(from, "row");
            done = events == 0;
        }

        boolean covers(int event, int row) {
            return !done && (event < events || (event == events && row < rows));
        }

        private static int number(Position position, String key) {
            return position.offset().get(key) instanceof Number n ? n.intValue() : 0;
        }
    }

    /** @param completed the transactions before {@code from}; null to find out, where it is a file's beginning */
    BinlogWalk(Position from, @Nullable GtidSet completed, OutboxRows rows, BinlogEntry.Visitor visitor) {
        this.rows = rows;
        this.visitor = visitor;
        this.completed = completed;
        skip = new Skip(from);
        file = from.file() == null ? "" : from.file();
        eventEnd = from.pos();
    }

    /** @return whether to go on */
    boolean step(Event event) throws IOException {
        EventHeaderV4 header = event.getHeader();
        if (header.getNextPosition() > 0 && event.getHeader().getEventType() != EventType.HEARTBEAT) {
            eventStart = header.getPosition();
            eventEnd = header.getNextPosition();
        }
        return switch (header.getEventType()) {
            case ROTATE -> rotate(event.getData());
            case PREVIOUS_GTIDS -> previousGtids(event.getData());
            case GTID, GTID_TAGGED, ANONYMOUS_GTID -> begin(event);
            case QUERY -> query(event.getData(), header);
            case TABLE_MAP -> tableMap(event.getData());
            case WRITE_ROWS, EXT_WRITE_ROWS -> inserted(event.getData(), header);
            case XID, XA_PREPARE -> end();
            case TRANSACTION_PAYLOAD -> payload(event.getData());
            case HEARTBEAT -> heartbeat(header);
            default -> passed();
        };
    }

    /** Whether the end of the last event is at or behind a place of this server's binlog. */
    boolean hasReached(Position end) {
        return Position.compare(Position.at(file, eventEnd), Position.at(String.valueOf(end.file()), end.pos())) >= 0;
    }

    private boolean rotate(RotateEventData next) {
        file = next.getBinlogFilename();
        eventEnd = next.getBinlogPosition();
        return true;
    }

    private boolean previousGtids(PreviousGtidSetEventData previous) {
        if (completed == null) {
            completed = new GtidSet(previous.getGtidSet());
        }
        return true;
    }

    private boolean heartbeat(EventHeaderV4 header) {
        eventEnd = Math.max(eventEnd, header.getNextPosition());
        return visitor.visit(new BinlogEntry.Idle());
    }

    private boolean begin(Event event) {
        if (event.getData() instanceof GtidTaggedEventData tagged) {
            return begin(
                    tagged.getMySqlGtid().toString(),
                    committedAt(tagged.getImmediateCommitTimestamp(), event.getHeader()));
        }
        GtidEventData data = event.getData();
        boolean anonymous = event.getHeader().getEventType() == EventType.ANONYMOUS_GTID;
        return begin(
                anonymous ? null : data.getMySqlGtid().toString(),
                committedAt(data.getImmediateCommitTimestamp(), event.getHeader()));
    }

    private static Instant committedAt(long micros, EventHeader header) {
        return micros > 0 ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS) : Instant.ofEpochMilli(header.getTimestamp());
    }

    private boolean begin(@Nullable String gtid, Instant committedAt) {
        Position before = position(eventStart, committedAt, gtid != null, 0, 0);
        BinlogEntry.Begin begun = new BinlogEntry.Begin(gtid, committedAt, before);
        transaction = begun;
        return visitor.visit(begun);
    }

    private boolean query(QueryEventData query, EventHeaderV4 header) {
        if ("BEGIN".equals(query.getSql())) {
            beginStart = eventStart;
            eventsInTransaction = 1;
            // Without GTIDs a position in the middle of a transaction is that of its BEGIN, behind the event with its
            // time.
            return transaction != null || begin(null, Instant.ofEpochMilli(header.getTimestamp()));
        }
        // A statement outside BEGIN … COMMIT is a transaction of its own; in one there are savepoints, and other
        // engines' ends.
        boolean ends = eventsInTransaction == 0
                || query.getSql().startsWith("COMMIT")
                || query.getSql().startsWith("ROLLBACK\0");
        return ends ? end() : passed();
    }

    private boolean tableMap(TableMapEventData table) {
        rows.remember(table);
        return passed();
    }

    private boolean inserted(WriteRowsEventData inserted, EventHeaderV4 header) throws IOException {
        BinlogEntry.Begin begin = begun(header);
        OutboxRows.Decoder decoder = rows.decoder(inserted.getTableId());
        if (decoder == null) {
            return passed();
        }
        List<Serializable[]> images = inserted.getRows();
        for (int row = 0; row < images.size(); row++) {
            Position behind = position(begin, beginStart, eventsInTransaction, row + 1);
            if (skip.covers(eventsInTransaction, row)) {
                continue;
            }
            SourceEvent event = decoder.decode(images.get(row), behind, begin.committedAt());
            if (!visitor.visit(new BinlogEntry.Event(event, begin))) {
                return false;
            }
        }
        return passed();
    }

    private BinlogEntry.Begin begun(EventHeaderV4 header) throws IOException {
        if (transaction == null) {
            throw new IOException("the binlog of this server has rows outside a transaction, at %s:%d"
                    .formatted(file, header.getPosition()));
        }
        return transaction;
    }

    private boolean payload(TransactionPayloadEventData payload) throws IOException {
        long start = eventStart;
        long end = eventEnd;
        for (Event event : payload.getUncompressedEvents()) {
            boolean goOn = step(event);
            eventStart = start;
            eventEnd = end;
            if (!goOn) {
                return false;
            }
        }
        return true;
    }

    private boolean end() {
        BinlogEntry.Begin ended = transaction;
        eventsInTransaction = 0;
        skip.done = true;
        if (ended == null) {
            return true;
        }
        transaction = null;
        if (ended.gtid() != null) {
            completed = completed == null ? new GtidSet("") : completed;
            completed.add(ended.gtid());
        }
        return visitor.visit(new BinlogEntry.End(ended, position(ended, eventEnd, 0, 0)));
    }

    private boolean passed() {
        if (eventsInTransaction > 0) {
            eventsInTransaction++;
        }
        return true;
    }

    private Position position(BinlogEntry.Begin of, long at, int event, int row) {
        return position(at, of.committedAt(), of.gtid() != null, event, row);
    }

    private Position position(long at, Instant committedAt, boolean hasGtids, int event, int row) {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put("ts_sec", committedAt.getEpochSecond());
        offset.put("file", file);
        offset.put("pos", at);
        if (completed != null && (hasGtids || !completed.toString().isEmpty())) {
            offset.put("gtids", completed.toString());
        }
        if (event > 0) {
            offset.put("event", event);
            offset.put("row", row);
        }
        return new Position(offset);
    }
}
