package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.RelayState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each relay of one name says that it is doing. All times are by the database's clock. */
public final class StateStore {

    /** Said by a relay that is still there, at least so often. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int LONGEST_REASON = 1000;

    private final JdbcClient jdbc;
    private final String schema;
    private final String relay;

    public StateStore(JdbcClient jdbc, String schema, String relay) {
        this.jdbc = jdbc;
        this.schema = schema;
        this.relay = relay;
    }

    /**
     * What one relay said last.
     *
     * @param owner names the process, as in the lease
     * @param lasts for how long it has been in that state by now
     * @param age how long ago it said so
     */
    public record Said(String owner, RelayState state, String reason, Duration lasts, Duration age) {}

    /**
     * Says it, in place of what that process said before.
     *
     * @throws BadSqlGrammarException where the schema has no table for it yet
     * @throws DataAccessException when the database can't be reached or does not take it
     */
    public void say(String owner, RelayState state, String reason, Duration lasts) {
        jdbc.sql("""
                        REPLACE INTO `%s`.relay_state (name, owner, state, reason, since, said_at)
                        VALUES (?, ?, ?, ?, NOW(6) - INTERVAL ? MICROSECOND, NOW(6))""".formatted(schema))
                .params(relay, owner, state.name(), shortened(reason), lasts.toNanos() / 1000)
                .update();
    }

    private static String shortened(String reason) {
        return reason.codePointCount(0, reason.length()) > LONGEST_REASON
                ? reason.substring(0, reason.offsetByCodePoints(0, LONGEST_REASON))
                : reason;
    }

    /** Forgets what was said last by those that have not been heard of for an hour. */
    public void sweep() {
        jdbc.sql("DELETE FROM `%s`.relay_state WHERE name = ? AND said_at < NOW(6) - INTERVAL 1 HOUR".formatted(schema))
                .param(relay)
                .update();
    }

    /**
     * What was said last by each, the newest first; a state that only a newer relay knows is left out.
     *
     * @throws BadSqlGrammarException where the schema has no table for it yet
     */
    public List<Said> all() {
        return jdbc.sql("""
                        SELECT owner, state, reason, TIMESTAMPDIFF(MICROSECOND, since, NOW(6)),
                          TIMESTAMPDIFF(MICROSECOND, said_at, NOW(6)) FROM `%s`.relay_state
                        WHERE name = :relay AND state IN (:known) ORDER BY said_at DESC""".formatted(schema))
                .param("relay", relay)
                .param("known", Stream.of(RelayState.values()).map(Enum::name).toList())
                .query((row, number) -> new Said(
                        row.getString(1),
                        RelayState.valueOf(row.getString(2)),
                        row.getString(3),
                        Duration.of(row.getLong(4), ChronoUnit.MICROS),
                        Duration.of(row.getLong(5), ChronoUnit.MICROS)))
                .list();
    }
}
