package dev.outboxrelay.chaos;

import dev.outboxrelay.chaos.Evidence.Command;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What the customers were told. May be used by several threads. */
final class Ledger {

    private final ConcurrentLinkedQueue<Command> accepted = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    private final Map<String, String> open = new ConcurrentHashMap<>();
    private final AtomicLong placed = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();

    /** A command is sent for the first time. */
    void sent(String key) {
        open.put(key, "no answer yet");
    }

    /** It is sent again, since that came of the last time. */
    void sentAgain(String key, String because) {
        open.put(key, because);
        retries.incrementAndGet();
    }

    void accepted(String key, Command command) {
        accepted.add(command);
        open.remove(key);
        if (command.type().equals(Customers.PLACED)) {
            placed.incrementAndGet();
        }
    }

    void refused(String key, String answer) {
        refused.add(key + ": " + answer);
        open.remove(key);
    }

    long placedCount() {
        return placed.get();
    }

    int acceptedCount() {
        return accepted.size();
    }

    /** All of it now. */
    Evidence.Answers answers() {
        List<String> unanswered = open.entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .sorted()
                .toList();
        return new Evidence.Answers(List.copyOf(accepted), List.copyOf(refused), unanswered, retries.get());
    }
}
