package dev.outboxrelay.relay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where an event is published to. */
public record Destination(String exchange, String routingKey) {

    /** Rows of each table that are looked at, by id from its upper end: with growing ids, the newest. */
    private static final int ROWS = 10_000;

    private static final int MOST = 1000;
    private static final int MOST_NAMED = 8;
    private static final int MILLIS = 3000;

    /**
     * The destinations of the events that stand in the tables: of up to 10000 rows of each, and no more than 1000.
     *
     * @throws org.springframework.dao.QueryTimeoutException where that takes longer than 3 s
     */
    public static List<Destination> seenIn(JdbcClient jdbc, List<OutboxTable> tables, RelayConfig config) {
        Template exchange = Template.parse(config.exchange());
        Template routingKey = Template.parse(config.routingKey());
        Set<String> columns = new TreeSet<>(exchange.columns());
        columns.addAll(routingKey.columns());
        columns.add(config.columns().type());
        String list = columns.stream().map(OutboxTable::quoted).collect(Collectors.joining(", "));
        Set<Destination> seen = new LinkedHashSet<>();
        for (OutboxTable table : tables) {
            jdbc.sql("""
                            SELECT /*+ MAX_EXECUTION_TIME(%d) */ DISTINCT %2$s
                            FROM (SELECT %2$s FROM %3$s ORDER BY %4$s DESC LIMIT %5$d) AS newest ORDER BY %2$s LIMIT %6$d""".formatted(
                                    MILLIS,
                                    list,
                                    table.quoted(),
                                    OutboxTable.quoted(config.columns().id()),
                                    ROWS,
                                    MOST))
                    .query(row -> {
                        TableRow values = new TableRow(table, row);
                        Template.Values texts = column -> text(values.get(column));
                        add(seen, exchange.expand(texts), routingKey.expand(texts));
                    });
        }
        return List.copyOf(seen);
    }

    /** A row with a NULL in such a column is poison, and goes nowhere. */
    private static void add(Set<Destination> seen, @Nullable String exchange, @Nullable String routingKey) {
        if (exchange != null && routingKey != null) {
            seen.add(new Destination(exchange, routingKey));
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : RowMapper.text(value);
    }

    /** The first of their routing keys, for people. */
    public static String list(List<Destination> destinations) {
        List<String> keys = new ArrayList<>(
                destinations.stream().map(Destination::routingKey).distinct().toList());
        int more = keys.size() - MOST_NAMED;
        return Stream.concat(
                        keys.stream().limit(MOST_NAMED), more > 0 ? Stream.of("and " + more + " more") : Stream.of())
                .collect(Collectors.joining(", "));
    }
}
