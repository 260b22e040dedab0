package dev.outboxrelay.order;

import dev.outboxrelay.order.Outcome.Done;
import dev.outboxrelay.order.Outcome.Refusal;
import dev.outboxrelay.order.Outcome.Refused;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table {@code idempotency_keys}, in the caller's transaction. A key is there exactly if its command was carried out: the
 * database decides who is first, also between several instances, and a crash leaves both or neither.
 */
final class IdempotencyKeys {
    private static final String INSERT =
            "INSERT INTO idempotency_keys (caller, idempotency_key, fingerprint, status, location, etag, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT fingerprint, status, location, etag, body FROM idempotency_keys"
            + " WHERE caller = ? AND idempotency_key = ?";
    private static final String SWEEP =
            "DELETE FROM idempotency_keys WHERE created_at < NOW(6) - INTERVAL ? SECOND ORDER BY created_at LIMIT ?";

    private final JdbcTemplate jdbc;

    IdempotencyKeys(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the key, if there is one, for this command and its answer.
     *
     * @throws org.springframework.dao.DuplicateKeyException where it is taken
     * @throws InProgressException where another transaction has taken it and goes on, be it that of an app which has died, or
     *     where the table is being changed
     */
    void take(Call call, byte[] fingerprint, Answer answer) {
        if (call.key() == null) {
            return;
        }
        try {
            jdbc.update(
                    INSERT,
                    call.caller(),
                    call.key(),
                    fingerprint,
                    answer.status(),
                    answer.location(),
                    answer.etag(),
                    answer.body());
        } catch (PessimisticLockingFailureException e) {
            throw new InProgressException(e);
        }
    }

    /** What became of the command that took the call's key. */
    Optional<Outcome> find(Call call, byte[] fingerprint) {
        if (call.key() == null) {
            return Optional.empty();
        }
        List<Outcome> found = jdbc.query(
                SELECT,
                (row, number) -> Arrays.equals(row.getBytes("fingerprint"), fingerprint)
                        ? new Done(
                                new Answer(
                                        row.getInt("status"),
                                        row.getString("location"),
                                        row.getString("etag"),
                                        row.getString("body")),
                                true)
                        : new Refused(Refusal.KEY_REUSED, "This Idempotency-Key was used for another command."),
                call.caller(),
                call.key());
        return found.stream().findFirst();
    }

    /** Deletes up to {@code limit} of those older than that, oldest first, and returns how many it were. */
    int sweep(Duration age, int limit) {
        return jdbc.update(SWEEP, age.toSeconds(), limit);
    }
}
