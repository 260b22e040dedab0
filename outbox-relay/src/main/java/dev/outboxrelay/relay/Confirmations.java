package dev.outboxrelay.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a consumer says of the messages that it has, in a table or view of its own on the same server: {@code consumer},
 * {@code message_id}, {@code state}, {@code concluded} and {@code due_at} (in UTC, or null). Every method asks anew.
 */
public final class Confirmations {

    /**
     * Where the consumer stands with a message.
     *
     * @param state in the consumer's own words
     * @param concluded it is done with it, or has put it before somebody
     * @param dueAt until then it is at work on it, or waits
     */
    public record Standing(String state, boolean concluded, Instant dueAt) {

        /** Whether it is not done with it, and not late either. */
        public boolean isInHand(Instant late) {
            return !concluded && dueAt.isAfter(late);
        }
    }

    private static final int BATCH = 1_000;

    private final JdbcClient jdbc;
    private final String query;
    private final String consumer;

    /** @param config in which verification is switched on */
    public Confirmations(JdbcClient jdbc, Verification config) {
        this.jdbc = jdbc;
        int dot = config.confirmations().indexOf('.');
        query =
                "SELECT message_id, state, concluded, due_at FROM %s.%s WHERE consumer = :consumer AND message_id IN (:ids)"
                        .formatted(
                                OutboxTable.quoted(config.confirmations().substring(0, dot)),
                                OutboxTable.quoted(config.confirmations().substring(dot + 1)));
        consumer = config.consumer();
    }

    /**
     * Makes sure that it can be asked.
     *
     * @throws DataAccessException where it can't, or lacks a column
     */
    public void require() {
        of(List.of("none"));
    }

    /**
     * Those of these messages that the consumer has, by their ids. None has an id that is not ASCII: MySQL would not even compare
     * it with a column of ASCII.
     *
     * @throws DataAccessException when it can't be asked
     */
    public Map<String, Standing> of(Collection<String> ids) {
        Map<String, Standing> found = new HashMap<>();
        List<String> all =
                ids.stream().filter(id -> US_ASCII.newEncoder().canEncode(id)).toList();
        for (int from = 0; from < all.size(); from += BATCH) {
            jdbc.sql(query)
                    .param("consumer", consumer)
                    .param("ids", all.subList(from, Math.min(all.size(), from + BATCH)))
                    .query(row -> {
                        LocalDateTime dueAt = row.getObject(4, LocalDateTime.class);
                        found.put(
                                row.getString(1),
                                new Standing(
                                        row.getString(2),
                                        row.getBoolean(3),
                                        dueAt == null ? Instant.EPOCH : dueAt.toInstant(ZoneOffset.UTC)));
                    });
        }
        return found;
    }
}
