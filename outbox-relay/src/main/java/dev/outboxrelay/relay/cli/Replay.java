package dev.outboxrelay.relay.cli;

import dev.outboxrelay.relay.ConfirmedSender;
import dev.outboxrelay.relay.OutboxMessage;
import dev.outboxrelay.relay.OutboxReader;
import dev.outboxrelay.relay.OutboxReader.Mapped;
import dev.outboxrelay.relay.OutboxReader.RowKey;
import dev.outboxrelay.relay.Publisher;
import dev.outboxrelay.relay.RootCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Publishes rows of the outbox once more, in the order given, not faster than told, each marked by a header. It ends at the first
 * event that the broker does not take. An event on a route that was not tried yet is confirmed before the next one is sent: where
 * no queue is bound, nothing overtakes it.
 */
final class Replay {

    /** Set to true in every message of a replay. */
    static final String HEADER = "replayed";

    private static final int BATCH = 100;
    private static final int WINDOW = 100;
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(2);

    /**
     * How it ended; what was to be sent is in one of the lists, or confirmed, or was left out.
     *
     * @param failure why it ended early; null if it did not
     * @param unconfirmed sent, and not confirmed: they may have arrived or not
     * @param unsent not sent
     * @param last the event up to which all were confirmed; null where not even the first was
     */
    record Outcome(
            long confirmed,
            @Nullable String failure,
            List<String> unconfirmed,
            List<String> unsent,
            @Nullable String last) {}

    private final OutboxReader outbox;
    private final List<RowKey> keys;
    private final Pace pace;
    private final Consumer<LeftOut> leftOut;
    private final Consumer<String> words;
    private final Set<String> triedRoutes = new HashSet<>();
    /** Places in {@link #keys} of the messages given to the sender; the last one it may not have taken. */
    private final List<Integer> given = new ArrayList<>();

    private int done;
    private long saidAt = System.nanoTime();

    /**
     * @param keys what to send
     * @param leftOut told of a row that is no message any more
     * @param words for progress
     */
    Replay(OutboxReader outbox, List<RowKey> keys, int perSecond, Consumer<LeftOut> leftOut, Consumer<String> words) {
        this.outbox = outbox;
        this.keys = keys;
        pace = new Pace(perSecond);
        this.leftOut = leftOut;
        this.words = words;
    }

    /**
     * Sends until all are confirmed, one is refused, the outbox can't be read, or the thread is interrupted.
     *
     * @throws IOException when no broker can be reached; nothing was sent then
     */
    Outcome run(Publisher.Opener broker, Duration timeout) throws IOException, InterruptedException {
        try (ConfirmedSender sender = ConfirmedSender.open(broker, WINDOW, timeout)) {
            return outcome(sender, failure(sender));
        }
    }

    private @Nullable String failure(ConfirmedSender sender) {
        try {
            for (int from = 0; from < keys.size(); from += BATCH) {
                List<RowKey> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
                send(sender, batch, outbox.read(batch));
            }
            sender.settle();
            return null;
        } catch (ConfirmedSender.RefusedException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            return "it was interrupted";
        } catch (DataAccessException e) {
            return "the outbox could not be read: " + RootCause.of(e);
        }
    }

    private void send(ConfirmedSender sender, List<RowKey> batch, List<Mapped> rows)
            throws ConfirmedSender.RefusedException, InterruptedException {
        int next = 0;
        for (RowKey key : batch) {
            Mapped row = next < rows.size() && isOf(rows.get(next), key) ? rows.get(next++) : null;
            if (row instanceof Mapped.Message fit) {
                send(sender, fit.message().withHeader(HEADER, true));
            } else {
                leftOut.accept(row == null ? deleted(key) : unmappable((Mapped.Poison) row));
            }
            done++;
        }
    }

    private void send(ConfirmedSender sender, OutboxMessage message)
            throws ConfirmedSender.RefusedException, InterruptedException {
        pace.await();
        say(sender);
        given.add(done);
        sender.send(message);
        if (triedRoutes.add(message.exchange() + '\n' + message.routingKey())) {
            sender.settle();
        }
    }

    private void say(ConfirmedSender sender) {
        long now = System.nanoTime();
        if (now - saidAt >= BETWEEN_WORDS.toNanos()) {
            saidAt = now;
            words.accept("%d of %d confirmed; %s left at this rate"
                    .formatted(sender.confirmed(), keys.size(), Words.of(pace.timeFor(keys.size() - done))));
        }
    }

    private Outcome outcome(ConfirmedSender sender, @Nullable String failure) throws InterruptedException {
        List<String> unconfirmed = failure == null
                ? List.of()
                : sender.unconfirmed().stream().map(OutboxMessage::id).toList();
        int sent = Math.toIntExact(sender.confirmed()) + unconfirmed.size();
        int prefix = 0;
        while (prefix < sent && !unconfirmed.contains(id(prefix))) {
            prefix++;
        }
        int unsent = sent < given.size() ? given.get(sent) : sent == 0 ? done : Math.max(done, given.get(sent - 1) + 1);
        return new Outcome(
                sent - unconfirmed.size(),
                failure,
                unconfirmed,
                keys.subList(unsent, keys.size()).stream().map(RowKey::text).toList(),
                prefix == 0 ? null : id(prefix - 1));
    }

    private String id(int message) {
        return keys.get(given.get(message)).text();
    }

    static boolean isOf(Mapped row, RowKey key) {
        return row.id().equals(key.text()) && row.table().equals(key.table().toString());
    }

    private static LeftOut deleted(RowKey key) {
        return new LeftOut(
                key.table().toString(), key.text(), LeftOut.Reason.DELETED, "its row was deleted in the meantime");
    }

    static LeftOut unmappable(Mapped.Poison row) {
        return new LeftOut(
                row.table(), row.id(), LeftOut.Reason.UNMAPPABLE, row.row().detail());
    }
}
