package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.PoisonRow;
import dev.outboxrelay.relay.Position;
import dev.outboxrelay.relay.SourceEvent;
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
import java.util.Map;
import java.util.TreeMap;

/** The events of a stretch of binlog: all counted, by aggregate type and type, and each named up to a limit. */
final class Listing {

    /** An event, without its payload. */
    record Item(String id, String aggregateType, String aggregateId, String type, Instant committedAt) {}

    private record Kind(String aggregateType, String type) {}

    private final int limit;
    private final List<Item> items = new ArrayList<>();
    private final Map<Kind, Long> counts =
            new TreeMap<>(Comparator.comparing(Kind::aggregateType).thenComparing(Kind::type));
    private long count;

    private Listing(int limit) {
        this.limit = limit;
    }

    static Listing empty() {
        return new Listing(0);
    }

    /** What comes behind {@code from} and is held by {@code covered}, up to an end of this server's binlog. */
    static Listing between(BinlogReader reader, Position from, Coverage covered, Position end, int limit)
            throws IOException {
        Listing listing = new Listing(limit);
        reader.read(from, end, entry -> {
            if (entry instanceof BinlogEntry.Event event && covered.covers(event)) {
                listing.add(event);
            }
            return !(entry instanceof BinlogEntry.Begin begin && covered.isOver(begin));
        });
        return listing;
    }

    private void add(BinlogEntry.Event event) {
        Item item = item(event.event(), event.transaction().committedAt());
        count++;
        counts.merge(new Kind(item.aggregateType(), item.type()), 1L, Long::sum);
        if (items.size() < limit) {
            items.add(item);
        }
    }

    private static Item item(SourceEvent event, Instant committedAt) {
        if (event instanceof SourceEvent.Row row) {
            OutboxMessage message = row.message();
            return new Item(message.id(), message.aggregateType(), message.aggregateId(), message.type(), committedAt);
        }
        PoisonRow row = ((SourceEvent.Poison) event).row();
        return new Item(row.id(), row.aggregateType(), row.aggregateId(), String.valueOf(row.type()), committedAt);
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
                List.of("EVENT", "COMMITTED", "AGGREGATE", "TYPE"),
                items.stream()
                        .map(item -> List.of(
                                item.id(),
                                item.committedAt().toString(),
                                item.aggregateType() + " " + item.aggregateId(),
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
                            Map<String, Object> fields = new LinkedHashMap<>();
                            fields.put("id", item.id());
                            fields.put("aggregateType", item.aggregateType());
                            fields.put("aggregateId", item.aggregateId());
                            fields.put("type", item.type());
                            fields.put("committedAt", item.committedAt().toString());
                            return fields;
                        })
                        .toList());
        return json;
    }
}
