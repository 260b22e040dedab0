package dev.outboxrelay.relay;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of the outbox tables of which deliveries are verified, by when they say that they were written. */
public final class WrittenRows {

    /**
     * A row, without what is in it.
     *
     * @param id as messages carry it
     * @param key the same as the table has it
     */
    public record Written(String id, Instant at, Object key) {}

    private final JdbcClient jdbc;
    private final List<OutboxTable> tables;
    private final String id;
    private final String createdAt;
    private final List<String> types;
    private final String ofTypes;

    /** @throws OutboxTable.UnfitException where the tables are not as they must be */
    public WrittenRows(JdbcClient jdbc, RelayConfig config) {
        this.jdbc = jdbc;
        tables = OutboxTable.find(jdbc, config.tables(), config.expectedColumns());
        id = OutboxTable.quoted(config.columns().id());
        createdAt = OutboxTable.quoted(config.columns().createdAt());
        types = config.verification().aggregateTypes();
        ofTypes = types.isEmpty()
                ? ""
                : " AND " + OutboxTable.quoted(config.columns().aggregateType()) + " IN (:types)";
    }

    /** The tables whose rows say when they were written. */
    public List<OutboxTable> tables() {
        return tables.stream().filter(this::isDated).toList();
    }

    /** The first rows behind a row, or from behind a time where that is null, up to another time; the oldest first. */
    public List<Written> oldest(OutboxTable table, Instant after, @Nullable Written from, Instant upTo, int atMost) {
        String behind = from == null ? "%2$s > :after" : "%2$s >= :after AND (%2$s > :after OR %1$s > :id)";
        return rows(
                table,
                behind + " AND %2$s <= :upTo%4$s ORDER BY %2$s, %1$s LIMIT " + atMost,
                from == null ? after : from.at(),
                from == null ? null : from.key(),
                upTo);
    }

    /** The last rows behind a time up to another one; the newest first. */
    public List<Written> newest(OutboxTable table, Instant after, Instant upTo, int atMost) {
        return rows(
                table,
                "%2$s > :after AND %2$s <= :upTo%4$s ORDER BY %2$s DESC, %1$s DESC LIMIT " + atMost,
                after,
                null,
                upTo);
    }

    private List<Written> rows(OutboxTable table, String which, Instant after, @Nullable Object key, Instant upTo) {
        return jdbc.sql(("SELECT %1$s, %2$s FROM %3$s WHERE " + which)
                        .formatted(id, createdAt, table.quoted(), ofTypes))
                .param("after", utc(after))
                .param("id", key)
                .param("upTo", utc(upTo))
                .param("types", types)
                .query((row, number) -> new Written(
                        RowMapper.text(row.getObject(1)),
                        row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        row.getObject(1)))
                .list();
    }

    /** How many rows can't be looked at: they do not say when they were written, or say a time behind this one. */
    public long undated(Instant upTo) {
        return tables.stream()
                .mapToLong(table -> jdbc.sql("SELECT COUNT(*) FROM %s WHERE %s%s"
                                .formatted(
                                        table.quoted(),
                                        isDated(table) ? "(%1$s IS NULL OR %1$s > :upTo)".formatted(createdAt) : "TRUE",
                                        ofTypes))
                        .param("upTo", utc(upTo))
                        .param("types", types)
                        .query(Long.class)
                        .single())
                .sum();
    }

    private boolean isDated(OutboxTable table) {
        return table.columns().stream()
                .anyMatch(column -> OutboxTable.quoted(column).equals(createdAt));
    }

    private static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
