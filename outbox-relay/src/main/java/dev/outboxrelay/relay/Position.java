package dev.outboxrelay.relay;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in the binlog in Debezium's own terms ({@code file}, {@code pos}, {@code gtids}, {@code event}, {@code row}…), so
 * that it can be handed to and taken over from a stock Debezium connector.
 *
 * @param offset the source offset; not to be changed
 */
public record Position(Map<String, ?> offset) {

    private static final String SNAPSHOT_PENDING = "snapshot_pending";
    private static final List<String> PLACE = List.of("gtids", "file", "pos", "event", "row", SNAPSHOT_PENDING);

    /** A place in a file, without GTIDs. */
    public static Position at(String file, long pos) {
        Map<String, Object> offset = new LinkedHashMap<>();
        offset.put("file", file);
        offset.put("pos", pos);
        return new Position(offset);
    }

    /** Compares two places of one server's binlog: by file, offset, and events and rows of the transaction. */
    public static int compare(Position one, Position other) {
        int byFile = BinlogFiles.compare(one, other);
        return byFile != 0 ? byFile : compareInTransaction(one, other);
    }

    /** Compares two places in one transaction. */
    public static int compareInTransaction(Position one, Position other) {
        int byEvent = Long.compare(one.number("event"), other.number("event"));
        return byEvent != 0 ? byEvent : Long.compare(one.number("row"), other.number("row"));
    }

    /** Completed transactions, or null where the server has GTIDs switched off. */
    public @Nullable String gtids() {
        return (String) offset.get("gtids");
    }

    public @Nullable String file() {
        return (String) offset.get("file");
    }

    /** Byte offset in {@link #file()}. */
    public long pos() {
        return number("pos");
    }

    /** When the position's last transaction was committed, by the server's clock and in whole seconds; null if it does not say. */
    public @Nullable Instant committedAt() {
        return offset.get("ts_sec") instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : null;
    }

    /**
     * Whether resuming here is resuming there. Two such positions may differ in their time: where nothing has happened yet,
     * Debezium gives the time of its own start.
     */
    public boolean isSamePlaceAs(Position other) {
        return PLACE.stream()
                .allMatch(key -> String.valueOf(offset.get(key)).equals(String.valueOf(other.offset.get(key))));
    }

    /** Whether the file and the byte offset are the same, whatever else is. */
    public boolean isSamePlaceInFileAs(Position other) {
        return Objects.equals(file(), other.file()) && pos() == other.pos();
    }

    /** The same place, with the time of what happened last before it. */
    public Position withTime(Instant time) {
        Map<String, Object> timed = new LinkedHashMap<>(offset);
        timed.put("ts_sec", time.getEpochSecond());
        return new Position(timed);
    }

    /** Whether it stands inside a transaction, some events of which have been read. */
    public boolean isInTransaction() {
        return number("event") > 0;
    }

    /** Whether the rows that stood in the table when this position was taken have still to be published. */
    public boolean isSnapshotPending() {
        return Boolean.TRUE.equals(offset.get(SNAPSHOT_PENDING));
    }

    public Position withSnapshotPending() {
        Map<String, Object> pending = new LinkedHashMap<>(offset);
        pending.put(SNAPSHOT_PENDING, true);
        return new Position(pending);
    }

    public Position withSnapshotDone() {
        return without(SNAPSHOT_PENDING);
    }

    /**
     * The beginning of the transaction that this position stands in. The counters of events and rows to skip hold for the first
     * transaction that the server sends, which on another server may be a different one.
     */
    public Position atTransactionStart() {
        return without("event", "row");
    }

    /** The place in the file alone, for a server that has GTIDs switched off. */
    public Position withoutGtids() {
        return without("gtids");
    }

    /** The same place, said by these completed transactions. */
    public Position withGtids(String gtids) {
        Map<String, Object> with = new LinkedHashMap<>(offset);
        with.put("gtids", gtids);
        return new Position(with);
    }

    private long number(String key) {
        return offset.get(key) instanceof Number n ? n.longValue() : 0;
    }

    private Position without(String... keys) {
        Map<String, Object> rest = new LinkedHashMap<>(offset);
        for (String key : keys) {
            rest.remove(key);
        }
        return new Position(rest);
    }

    @Override
    public String toString() {
        return gtids() == null ? file() + ":" + pos() : gtids() + " (" + file() + ":" + pos() + ")";
    }
}
