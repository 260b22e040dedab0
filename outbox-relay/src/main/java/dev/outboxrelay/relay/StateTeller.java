package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Tells the database what this relay is doing, for {@code offsets show}: at each change, and now and then while there is none. On
 * a thread of its own, so that a database that does not take it holds up nothing.
 */
final class StateTeller {

    private static final Logger log = LoggerFactory.getLogger(StateTeller.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final StateStore store;
    private final String owner;
    private final Supplier<Supervisor.Status> status;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread = new Thread(this::keepTelling, "relay-state");
    private volatile boolean stopping;
    private boolean hasSwept;
    private boolean hasComplained;

    /** @param owner names this process among all that run this relay */
    StateTeller(StateStore store, String owner, Supplier<Supervisor.Status> status) {
        this.store = store;
        this.owner = owner;
        this.status = status;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has something to tell; returns at once. */
    void tell() {
        news.release();
    }

    /** Tells what there is last, and waits for that a moment. Idempotent. */
    void stop() throws InterruptedException {
        stopping = true;
        news.release();
        thread.join(LAST_WORDS.toMillis());
    }

    private void keepTelling() {
        try {
            boolean last;
            do {
                last = stopping;
                say(status.get());
                if (!last && news.tryAcquire(StateStore.INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } while (!last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Supervisor.Status now) {
        try {
            store.say(owner, now.state(), now.why(), Duration.between(now.since(), Instant.now()));
            if (!hasSwept) {
                store.sweep();
                hasSwept = true;
            }
        } catch (BadSqlGrammarException e) {
            if (!hasComplained) {
                log.info(
                        "Nobody can be told what this relay is doing until flyway has made relay_state: {}",
                        RootCause.of(e));
                hasComplained = true;
            }
        } catch (DataAccessException e) {
            log.debug("MySQL does not take what this relay is doing", e);
        }
    }
}
