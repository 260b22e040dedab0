package dev.outboxrelay.mail.claims;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what was settled long ago, a few rows at a time. A row that waits for a verdict (UNKNOWN) or is still open stays,
 * however old it is. A message that comes again after its row was swept would be sent again: the retention has to be
 * longer than any replay reaches back.
 */
public final class Sweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 500;
    private static final long INTERVAL_SECONDS = 600;
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(200);

    private final DataSource database;
    private final String consumer;
    private final Duration retention;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "sweeper");
        thread.setDaemon(true);
        return thread;
    });

    public Sweeper(DataSource database, String consumer, Duration retention) {
        this.database = database;
        this.consumer = consumer;
        this.retention = retention;
    }

    /** Sweeps every ten minutes; several workers begin at different times. */
    public void start() {
        var unused = timer.scheduleWithFixedDelay(
                this::sweepAll,
                ThreadLocalRandom.current().nextLong(INTERVAL_SECONDS),
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
    }

    /** Deletes all that is old; where the database is away, as far as that came. */
    void sweepAll() {
        try {
            long swept = 0;
            int batch;
            do {
                batch = sweep();
                swept += batch;
                Thread.sleep(BETWEEN_BATCHES.toMillis());
            } while (batch == BATCH);
            if (swept > 0) {
                log.info("Forgot {} messages settled more than {} ago", swept, retention);
            }
        } catch (SQLException e) {
            log.warn("Old messages could not be forgotten, tried again later: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes one batch, oldest first; how many rows it had. */
    int sweep() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            return Sql.update(
                    connection,
                    "DELETE FROM processed_messages WHERE consumer = ? AND state IN ('SENT', 'FAILED')"
                            + " AND created_at < TIMESTAMPADD(MICROSECOND, -?, NOW(6)) ORDER BY created_at LIMIT "
                            + BATCH,
                    List.of(consumer, retention.dividedBy(ChronoUnit.MICROS.getDuration())));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
