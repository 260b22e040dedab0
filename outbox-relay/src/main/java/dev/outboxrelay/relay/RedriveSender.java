package dev.outboxrelay.relay;

import dev.outboxrelay.relay.ConfirmedSender.RefusedException;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import dev.outboxrelay.relay.offsets.UnconfirmedStore;
import dev.outboxrelay.relay.offsets.UnconfirmedStore.Unconfirmed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes events again, each confirmed before the next, so that it is known of each what became of it. */
final class RedriveSender implements AutoCloseable {

    /** In every message that is published again: for which time. */
    static final String HEADER = "redriven";

    private static final Logger log = LoggerFactory.getLogger(RedriveSender.class);
    /** Rows in memory at a time, each as large as the broker takes. */
    private static final int BATCH = 10;
    /** What so many meet is no matter of single events. */
    private static final int MOST_REFUSALS = 10;

    private final OutboxReader outbox;
    private final Publisher.Opener broker;
    private final Duration timeout;
    private @Nullable ConfirmedSender sender;
    private int refusals;

    /** @param timeout how long the broker may take to confirm one */
    RedriveSender(OutboxReader outbox, Publisher.Opener broker, Duration timeout) {
        this.outbox = outbox;
        this.broker = broker;
        this.timeout = timeout;
    }

    /**
     * Sends them until many are refused. Each counts that may have arrived, and each that can't be sent as it is: both come to an
     * end.
     *
     * @throws IOException when no broker can be reached
     */
    void send(List<Unconfirmed> events, UnconfirmedStore store, RelayMetrics metrics)
            throws IOException, InterruptedException {
        for (int from = 0; from < events.size() && refusals < MOST_REFUSALS; from += BATCH) {
            List<Unconfirmed> batch = events.subList(from, Math.min(events.size(), from + BATCH));
            List<Unconfirmed> counted = new ArrayList<>();
            open();
            store.tries(batch);
            try {
                for (Sending sending : rows(batch)) {
                    if (send(sending)) {
                        counted.add(sending.event());
                    }
                }
            } finally {
                store.redriven(counted);
                metrics.redriven(counted.size());
            }
        }
    }

    private boolean send(Sending sending) throws IOException, InterruptedException {
        OutboxMessage message = sending.message();
        if (message == null) {
            return true;
        }
        ConfirmedSender open = open();
        try {
            open.send(message);
            open.settle();
            return true;
        } catch (RefusedException e) {
            refusals++;
            log.warn("An event could not be published again, which is tried later: {}", e.getMessage());
            boolean mayHaveArrived = open.mayHaveArrived();
            close();
            return mayHaveArrived;
        }
    }

    private record Sending(Unconfirmed event, @Nullable OutboxMessage message) {}

    private List<Sending> rows(List<Unconfirmed> batch) {
        Map<String, Unconfirmed> wanted = batch.stream()
                .collect(Collectors.toMap(
                        event -> event.table() + ' ' + event.event(), event -> event, (one, same) -> one));
        List<RowKey> keys = outbox.keys(batch.stream().map(Unconfirmed::event).collect(Collectors.toSet())).stream()
                .filter(key -> wanted.containsKey(key.table() + " " + key.text()))
                .toList();
        List<Sending> rows = new ArrayList<>();
        for (Mapped row : outbox.read(keys)) {
            Unconfirmed event = wanted.get(row.table() + ' ' + row.id());
            if (event != null) {
                rows.add(new Sending(event, message(row, event)));
            }
        }
        return rows;
    }

    private static @Nullable OutboxMessage message(Mapped row, Unconfirmed event) {
        if (row instanceof Mapped.Message fit) {
            return fit.message().withHeader(HEADER, event.redriven() + 1);
        }
        log.warn(
                "Event {} can't be published again: {}",
                row.id(),
                ((Mapped.Poison) row).row().detail());
        return null;
    }

    private ConfirmedSender open() throws IOException {
        ConfirmedSender open = sender;
        if (open == null || !open.isUsable()) {
            close();
            open = ConfirmedSender.open(broker, 1, timeout);
            sender = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
            sender = null;
        }
    }
}
