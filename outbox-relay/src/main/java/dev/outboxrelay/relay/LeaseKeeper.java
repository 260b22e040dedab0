package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.Lease;
import dev.outboxrelay.relay.offsets.LeaseStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Holds one run's lease: prolongs it in time, and knows on its own when it may have been taken over. */
final class LeaseKeeper {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LeaseStore store;
    private volatile Lease lease;

    LeaseKeeper(LeaseStore store, Lease granted) {
        this.store = store;
        this.lease = granted;
    }

    long epoch() {
        return lease.epoch();
    }

    /** Whether nobody else can be publishing. Cheap: asked before every publish. */
    boolean isHeld() {
        return lease.isValid();
    }

    /**
     * Prolongs the lease once a third of its time is over.
     *
     * @return false where it has been taken over
     * @throws DataAccessException when the database can't be reached; it is then held until its time is over
     */
    boolean renewIfDue() {
        long left = lease.validUntilNanos() - System.nanoTime();
        if (left > store.ttl().toNanos() * 2 / 3) {
            return true;
        }
        Optional<Lease> renewed = store.renew(lease);
        renewed.ifPresent(prolonged -> lease = prolonged);
        return renewed.isPresent();
    }

    /** Lets another relay in at once, where the database can be reached; else when the lease's time is over. */
    void release() {
        try {
            store.release(lease);
        } catch (DataAccessException e) {
            log.debug("The lease could not be released; it ends by itself", e);
        }
    }
}
