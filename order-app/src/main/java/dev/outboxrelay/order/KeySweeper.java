package dev.outboxrelay.order;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Forgets keys that are too old for any client to come back with. */
final class KeySweeper {
    private static final Logger LOG = LoggerFactory.getLogger(KeySweeper.class);

    /** Small enough never to be in the way of commands. */
    private static final int BATCH = 500;

    private final TransactionTemplate transaction;
    private final IdempotencyKeys keys;
    private final Duration expiry;

    KeySweeper(TransactionTemplate transaction, IdempotencyKeys keys, Duration expiry) {
        this.transaction = transaction;
        this.keys = keys;
        this.expiry = expiry;
    }

    @Scheduled(fixedDelayString = "${order-app.idempotency.sweep:1m}")
    void sweep() {
        try {
            while (sweepBatch() == BATCH) {
                LOG.debug("Swept {} idempotency keys, and there are more", BATCH);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Idempotency keys could not be swept, will try again: {}", Failures.describe(e));
        }
    }

    private int sweepBatch() {
        Integer swept = transaction.execute(status -> keys.sweep(expiry, BATCH));
        return swept == null ? 0 : swept;
    }
}
