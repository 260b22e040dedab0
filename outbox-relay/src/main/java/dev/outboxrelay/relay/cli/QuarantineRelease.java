package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.ConfirmedSender;
import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.OutboxReader;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.QuarantinedEvent;
import dev.outboxrelay.relay.QuarantinedEvent.Aggregate;
import dev.outboxrelay.relay.offsets.QuarantineRows;
import dev.outboxrelay.relay.offsets.QuarantineRows.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what is in quarantine, in its order: an event leaves the quarantine when the broker has confirmed it, and the next
 * one is sent after that. Killed in between, it has one event confirmed and not taken out, at most. While an aggregate has an
 * event left, running relays put its later ones behind it, and those are published from there too.
 */
final class QuarantineRelease implements AutoCloseable {

    private static final int BETWEEN_WORDS = 100;

    /** What became of one aggregate; {@code stuck} is null where nothing of it is left. */
    record Outcome(
            Aggregate aggregate, int published, @Nullable String stuck) {}

    private final QuarantineRows rows;
    private final OutboxReader outbox;
    private final Publisher.Opener broker;
    private final Duration timeout;
    private final Consumer<String> words;
    private @Nullable ConfirmedSender sender;

    /** @param words for progress */
    QuarantineRelease(Operator operator, Consumer<String> words) {
        rows = operator.quarantine();
        outbox = new OutboxReader(operator.jdbc(), operator.config());
        broker = operator.broker();
        timeout = operator.config().confirmTimeout();
        this.words = words;
    }

    /** Publishes a whole aggregate, as far as it goes. */
    Outcome release(Aggregate aggregate) throws IOException, InterruptedException {
        int published = 0;
        for (Optional<Entry> next = rows.first(aggregate); next.isPresent(); next = rows.first(aggregate)) {
            String stuck = publish(next.get());
            if (stuck != null) {
                return new Outcome(aggregate, published, stuck);
            }
            published++;
            if (published % BETWEEN_WORDS == 0) {
                words.accept("%s: %d published, %d left"
                        .formatted(AggregateName.of(aggregate), published, rows.count(aggregate)));
            }
        }
        return new Outcome(aggregate, published, null);
    }

    /** Publishes one event, if nothing of its aggregate is before it. */
    Outcome release(Entry entry) throws IOException, InterruptedException {
        Aggregate aggregate = entry.event().aggregate();
        Entry first = rows.first(aggregate).orElse(entry);
        String stuck = first.number() < entry.number()
                ? "%s comes before it: retry or drop that first, or the whole aggregate"
                        .formatted(first.event().id())
                : publish(entry);
        return new Outcome(aggregate, stuck == null ? 1 : 0, stuck);
    }

    /** Null once it is confirmed and out of quarantine, else why not. */
    private @Nullable String publish(Entry entry) throws IOException, InterruptedException {
        OutboxMessage message;
        try {
            message = message(entry.event());
        } catch (CommandException e) {
            return e.getMessage();
        }
        try {
            ConfirmedSender to = sender();
            to.send(message);
            to.settle();
        } catch (ConfirmedSender.RefusedException e) {
            return e.getMessage();
        }
        rows.remove(entry);
        return null;
    }

    /** By the row as it is now and today's configuration, which may have been put right; else as it was put away. */
    private OutboxMessage message(QuarantinedEvent event) {
        List<Mapped> row = outbox.read(outbox.keys(List.of(event.id())).stream()
                .filter(key -> key.table().toString().equals(event.table()))
                .toList());
        if (!row.isEmpty() && row.get(0) instanceof Mapped.Message fit) {
            return fit.message();
        }
        return event.asMessage()
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        row.isEmpty()
                                ? "%s: its row is no longer in %s, and it never was a message: it can only be dropped"
                                        .formatted(event.id(), event.table())
                                : "%s: %s"
                                        .formatted(
                                                event.id(),
                                                ((Mapped.Poison) row.get(0))
                                                        .row()
                                                        .detail())));
    }

    /** A refusal may have ended the connection; the next event gets a new one. */
    private ConfirmedSender sender() throws IOException {
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
        }
    }
}
