package dev.outboxrelay.relay;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes outbox rows that are older than the retention, once they are published, a few at a time.
 *
 * <p>Age alone does not say that a row is published: a time may be set by the application, or the relay may be far behind. So
 * the rows are chosen first, the end of the binlog is read after that, and they are deleted when the confirmed position has
 * passed it: whatever was visible when they were chosen is in the binlog before that place. Where deliveries are verified, what
 * has not been looked at or is to be published again stays, and what is younger.
 */
final class Janitor implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Janitor.class);

    private final JdbcClient jdbc;
    private final RelayConfig config;
    private final Supplier<List<OutboxTable>> tables;
    private final Published published;
    private final Function<OutboxTable, Instant> neededFrom;
    private final RelayMetrics metrics;

    private record Chosen(OutboxTable table, List<Object> ids) {}

    /** @param published waited for before what was chosen is deleted */
    Janitor(Relay relay, Published published) {
        jdbc = relay.outbox().jdbc();
        tables = relay.outbox()::tables;
        config = relay.config();
        metrics = relay.metrics();
        neededFrom = config.verification().isOn()
                ? table -> relay.books().unconfirmed().neededFrom(table.toString())
                : table -> Instant.MAX;
        this.published = published;
    }

    /** Works until its thread is interrupted. A failure costs a pause, never the relay. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(
                        swept()
                                ? config.janitor().pause().toMillis()
                                : config.janitor().interval().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes one batch of each table; false where there was nothing to delete, or it could not be done. */
    private boolean swept() throws InterruptedException {
        try {
            Queue<Chosen> chosen = new ArrayDeque<>();
            for (OutboxTable table : tables.get()) {
                if (table.columns().contains(config.columns().createdAt())) {
                    chosen.add(choose(table));
                }
            }
            chosen.removeIf(batch -> batch.ids().isEmpty());
            if (chosen.isEmpty()) {
                return false;
            }
            published.await(config.janitor().pause());
            chosen.forEach(this::delete);
            return true;
        } catch (NestedRuntimeException | OutboxTable.UnfitException e) {
            log.warn("Old outbox rows could not be deleted, they are kept until the next try: {}", e.getMessage());
            return false;
        }
    }

    private Chosen choose(OutboxTable table) {
        RelayConfig.Janitor janitor = config.janitor();
        Instant old = Instant.now().minus(janitor.retention());
        Instant limit = neededFrom.apply(table);
        LocalDateTime cutoff = LocalDateTime.ofInstant(limit.isBefore(old) ? limit : old, ZoneOffset.UTC);
        List<Object> ids = jdbc.sql("SELECT `%1$s` FROM %2$s WHERE `%3$s` < ? ORDER BY `%3$s` LIMIT %4$d"
                        .formatted(
                                config.columns().id(),
                                table.quoted(),
                                config.columns().createdAt(),
                                janitor.batch()))
                .param(cutoff)
                .query((row, number) -> row.getObject(1))
                .list();
        return new Chosen(table, ids);
    }

    private void delete(Chosen batch) {
        int rows = jdbc.sql("DELETE FROM %s WHERE `%s` IN (:ids)"
                        .formatted(batch.table().quoted(), config.columns().id()))
                .param("ids", batch.ids())
                .update();
        metrics.deleted(rows);
    }

    /** Started for one run. */
    static Thread start(Janitor janitor) {
        Thread thread = new Thread(janitor, "outbox-janitor");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
