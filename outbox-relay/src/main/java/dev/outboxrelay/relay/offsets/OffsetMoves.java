package dev.outboxrelay.relay.offsets;

import dev.outboxrelay.relay.Position;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Moves one relay's offset by hand, and remembers what it was. */
public final class OffsetMoves {

    private static final Logger log = LoggerFactory.getLogger(OffsetMoves.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final String schema;
    private final String relay;
    private final OffsetHistory history;

    /**
     * @param schema where the relay's tables are
     * @param relay name of the relay
     */
    public OffsetMoves(JdbcClient jdbc, TransactionOperations transactions, String schema, String relay) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.schema = schema;
        this.relay = relay;
        history = new OffsetHistory(jdbc, schema, relay);
    }

    /**
     * A move that is done.
     *
     * @param replaced what stood there at that moment
     * @param epoch of the move: relays with an older one can't store an offset any more
     */
    public record Moved(Optional<StoredOffset> replaced, long epoch) {}

    /**
     * Where to go, and on whose behalf.
     *
     * @param expectedEpoch of the offset that was looked at; 0 for none
     * @param by names the operator, in the lease
     * @param leftOutUpTo when the last event was written that is not published because of it; null where all are
     */
    public record Move(
            Cause cause,
            Position to,
            String serverUuid,
            long expectedEpoch,
            String by,
            @Nullable Instant leftOutUpTo) {}

    /**
     * Stores a position under a new epoch. A relay that runs is fenced by that: it stores nothing more, gives up, and goes on
     * from here once its lease is over; nobody else can begin to publish before that.
     *
     * @param stillHolds asked of the offset as it stands, when nobody else can move it any more
     * @return empty where the offset was moved by somebody else since it was looked at, or {@code stillHolds} said no: nothing
     *     was changed
     * @throws DataAccessException when the database can't be reached; nothing was changed
     */
    public Optional<Moved> move(Move move, Predicate<Optional<StoredOffset>> stillHolds) {
        Optional<Moved> moved = transactions.execute(transaction -> {
            long leaseEpoch = jdbc.sql("SELECT epoch FROM `%s`.relay_lease WHERE name = ? FOR UPDATE".formatted(schema))
                    .param(relay)
                    .query(Long.class)
                    .optional()
                    .orElse(0L);
            Optional<StoredOffset> now = lock();
            long epoch = now.map(StoredOffset::epoch).orElse(0L);
            if (epoch != move.expectedEpoch() || !stillHolds.test(now)) {
                return Optional.<Moved>empty();
            }
            long next = 1 + Math.max(leaseEpoch, epoch);
            if (now.isPresent()) {
                history.keepStanding();
            }
            store(move, next);
            if (move.leftOutUpTo() != null) {
                leaveUnverified(move.leftOutUpTo());
            }
            history.add(move.cause());
            jdbc.sql("UPDATE `%s`.relay_lease SET owner = ?, epoch = ? WHERE name = ?".formatted(schema))
                    .params(move.by(), next, relay)
                    .update();
            return Optional.of(new Moved(now, next));
        });
        return moved == null ? Optional.empty() : moved;
    }

    /** What is left out by hand would else be published after all, since no consumer confirms it. */
    private void leaveUnverified(Instant upTo) {
        try {
            jdbc.sql("UPDATE `%s`.relay_verification SET verified_to = GREATEST(verified_to, ?) WHERE name = ?"
                            .formatted(schema))
                    .params(LocalDateTime.ofInstant(upTo, ZoneOffset.UTC), relay)
                    .update();
        } catch (BadSqlGrammarException e) {
            log.debug("Nothing is verified on a schema without the table for it", e);
        }
    }

    private Optional<StoredOffset> lock() {
        return jdbc.sql(
                        "SELECT `offset`, server_uuid, epoch, events, updated_at FROM `%s`.relay_offset WHERE name = ? FOR UPDATE"
                                .formatted(schema))
                .param(relay)
                .query(OffsetStore::storedOffset)
                .optional();
    }

    private void store(Move move, long epoch) {
        jdbc.sql("""
                        INSERT INTO `%s`.relay_offset (name, `offset`, server_uuid, epoch, events) VALUES (?, ?, ?, ?, 0) AS moved
                        ON DUPLICATE KEY UPDATE `offset` = moved.`offset`, server_uuid = moved.server_uuid, epoch = moved.epoch""".formatted(schema))
                .params(relay, StoredOffset.json(move.to()), move.serverUuid(), epoch)
                .update();
    }
}
