package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.binlog.BinlogEntry;
import dev.outboxrelay.relay.binlog.BinlogReader;
import dev.outboxrelay.relay.binlog.Coverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events of a stretch of binlog: all counted, by aggregate type and type, and each named up to a limit. */
final class Listing {

    /**
     * An event, without its payload.
     *
     * @param at null where it is not known
     */
    private record Item(
            String id,
            Aggregate aggregate,
            String type,
            @Nullable Instant at) {}

    private record Kind(String aggregateType, String type) {}

    private final int limit;
    private final String time;
    private final List<Item> items = new ArrayList<>();
    private final Map<Kind, Long> counts =
            new TreeMap<>(Comparator.comparing(Kind::aggregateType).thenComparing(Kind::type));
    private long count;
    private @Nullable Instant lastWritten;

    /** @param time what happened at the time of an event, as a title */
    private Listing(int limit, String time) {
        this.limit = limit;
        this.time = time;
    }

    static Listing empty() {
        return new Listing(0, "COMMITTED");
    }

    /** Of rows, to be added by whoever reads them. */
    static Listing ofRows(int limit) {
        return new Listing(limit, "WRITTEN");
    }

    /** What comes behind {@code from} and is held by {@code covered}, up to an end of this server's binlog. */
    static Listing between(BinlogReader reader, Position from, Coverage covered, Position end, int limit)
            throws IOException {
        Listing listing = new Listing(limit, "COMMITTED");
        reader.read(from, end, entry -> {
            if (entry instanceof BinlogEntry.Event event && covered.covers(event)) {
                listing.add(event);
            }
            return !(entry instanceof BinlogEntry.Begin begin && covered.isOver(begin));
        });
        return listing;
    }

    private void add(BinlogEntry.Event event) {
        EventView found = EventView.of(event.event());
        if (found != null) {
            add(found, event.transaction().committedAt());
        }
    }

    void add(EventView event, @Nullable Instant at) {
        count++;
        Instant writtenAt = event.writtenAt();
        if (writtenAt != null && (lastWritten == null || writtenAt.isAfter(lastWritten))) {
            lastWritten = writtenAt;
        }
        counts.merge(new Kind(event.aggregate().type(), event.type()), 1L, Long::sum);
        if (items.size() < limit) {
            items.add(new Item(event.id(), event.aggregate(), event.type(), at));
        }
    }

    /** The latest time at which one of them says that it was written; empty where none does. */
    Optional<Instant> lastWritten() {
        return Optional.ofNullable(lastWritten);
    }

    long count() {
        return count;
    }

    void print(PrintWriter out) {
        if (count == 0) {
            return;
        }
        Output.table(
                out,
                List.of("EVENT", time, "AGGREGATE", "TYPE"),
                items.stream()
                        .map(item -> List.of(
                                item.id(),
                                String.valueOf(item.at()),
                                item.aggregate().type() + " " + item.aggregate().id(),
                                item.type()))
                        .toList());
        if (count > items.size()) {
            out.println("… and " + (count - items.size()) + " more (--limit)");
        }
        out.println();
        Output.table(
                out,
                List.of("AGGREGATE TYPE", "TYPE", "EVENTS"),
                counts.entrySet().stream()
                        .map(kind -> List.of(
                                kind.getKey().aggregateType(),
                                kind.getKey().type(),
                                kind.getValue().toString()))
                        .toList());
        out.println();
        out.flush();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", count);
        json.put(
                "byType",
                counts.entrySet().stream()
                        .map(kind -> Map.of(
                                "aggregateType", kind.getKey().aggregateType(),
                                "type", kind.getKey().type(),
                                "count", kind.getValue()))
                        .toList());
        json.put(
                "events",
                items.stream()
                        .map(item -> {
                            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                            Instant at = item.at();
                            fields.put("id", item.id());
                            fields.put("aggregateType", item.aggregate().type());
                            fields.put("aggregateId", item.aggregate().id());
                            fields.put("type", item.type());
                            fields.put(time.toLowerCase(Locale.ROOT) + "At", at == null ? null : at.toString());
                            return fields;
                        })
                        .toList());
        return json;
    }
}
