package dev.outboxrelay.relay.offsets;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The right to publish for one relay name, for a limited time. Expiry is decided by the database's clock alone; the holder
 * counts its own time from before it asked, so that it always gives up before another may take over.
 */
public final class LeaseStore {

    private final JdbcClient jdbc;
    private final String schema;
    private final String relay;
    private final String owner;
    private final Duration ttl;

    /**
     * @param owner names this process among all that run this relay
     * @param ttl how long a lease lasts without renewal
     */
    public LeaseStore(JdbcClient jdbc, String schema, String relay, String owner, Duration ttl) {
        this.jdbc = jdbc;
        this.schema = schema;
        this.relay = relay;
        this.owner = owner;
        this.ttl = ttl;
    }

    /**
     * Takes the lease where it is free, expired or was ours; each taking has a higher epoch than any before.
     *
     * @return empty while somebody else holds it
     * @throws DataAccessException when the database can't be reached
     */
    public Optional<Lease> acquire() {
        long asked = System.nanoTime();
        int taken = jdbc.sql("""
                        UPDATE `%1$s`.relay_lease SET owner = ?, expires_at = NOW(6) + INTERVAL ? MICROSECOND,
                          epoch = 1 + GREATEST(epoch, COALESCE((SELECT epoch FROM `%1$s`.relay_offset WHERE name = ?), 0))
                        WHERE name = ? AND (expires_at <= NOW(6) OR owner = ?)""".formatted(schema))
                .params(owner, micros(), relay, relay, owner)
                .update();
        if (taken == 0) {
            taken = jdbc.sql("""
                            INSERT IGNORE INTO `%1$s`.relay_lease (name, owner, epoch, expires_at)
                            SELECT ?, ?, 1 + COALESCE((SELECT epoch FROM `%1$s`.relay_offset WHERE name = ?), 0),
                                   NOW(6) + INTERVAL ? MICROSECOND
                            WHERE NOT EXISTS (SELECT 1 FROM `%1$s`.relay_lease WHERE name = ?)""".formatted(schema))
                    .params(relay, owner, relay, micros(), relay)
                    .update();
        }
        return taken == 0
                ? Optional.empty()
                : jdbc.sql("SELECT epoch FROM `%s`.relay_lease WHERE name = ? AND owner = ?".formatted(schema))
                        .params(relay, owner)
                        .query(Long.class)
                        .optional()
                        .map(epoch -> new Lease(epoch, asked + ttl.toNanos()));
    }

    /**
     * Prolongs the lease.
     *
     * @return the prolonged lease, or empty where it has been taken over
     */
    public Optional<Lease> renew(Lease lease) {
        long asked = System.nanoTime();
        int renewed = jdbc.sql("""
                        UPDATE `%s`.relay_lease SET expires_at = NOW(6) + INTERVAL ? MICROSECOND
                        WHERE name = ? AND owner = ? AND epoch = ?""".formatted(schema))
                .params(micros(), relay, owner, lease.epoch())
                .update();
        return renewed == 0 ? Optional.empty() : Optional.of(new Lease(lease.epoch(), asked + ttl.toNanos()));
    }

    /** Lets the next one in at once; does nothing where the lease has been taken over. */
    public void release(Lease lease) {
        jdbc.sql("UPDATE `%s`.relay_lease SET expires_at = NOW(6) WHERE name = ? AND owner = ? AND epoch = ?"
                        .formatted(schema))
                .params(relay, owner, lease.epoch())
                .update();
    }

    /** Who holds the lease, for words to people. */
    public Optional<String> holder() {
        return jdbc.sql("SELECT owner FROM `%s`.relay_lease WHERE name = ? AND expires_at > NOW(6)".formatted(schema))
                .param(relay)
                .query(String.class)
                .optional();
    }

    /**
     * Who holds the lease, or held it last.
     *
     * @param left until it expires, by the database's clock; negative once it has
     */
    public record Tenure(String owner, long epoch, Duration left) {

        /** Whether it is held now: some relay is running. */
        public boolean isHeld() {
            return !left.isNegative() && !left.isZero();
        }
    }

    /** The lease as it stands; empty where no relay of this name has ever run. */
    public Optional<Tenure> current() {
        return jdbc.sql(
                        "SELECT owner, epoch, TIMESTAMPDIFF(MICROSECOND, NOW(6), expires_at) FROM `%s`.relay_lease WHERE name = ?"
                                .formatted(schema))
                .param(relay)
                .query((row, number) ->
                        new Tenure(row.getString(1), row.getLong(2), Duration.of(row.getLong(3), ChronoUnit.MICROS)))
                .optional();
    }

    /** Names this process among all that run this relay. */
    public String owner() {
        return owner;
    }

    public Duration ttl() {
        return ttl;
    }

    private long micros() {
        return ttl.toNanos() / 1000;
    }
}
