package dev.outboxrelay.mail.settings;

import java.time.Duration;
import java.util.List;

/**
 * What is consumed, and how.
 *
 * @param exchange the relay's exchange
 * @param binding the routing keys that mails are for
 * @param queue the name that all queues of this consumer begin with
 * @param partitions how many queues share the orders between the workers
 * @param prefetch messages in hand per partition
 * @param inHand the longest wait that is passed in hand rather than in a delayed queue
 * @param delays one delayed queue for each, in rising order
 * @param confirmTimeout how long the broker may take to confirm a message that was put into another queue
 * @param stopTimeout how long what is in hand may take when consuming ends
 * @param beat how often the workers look after each other; one is forgotten after three times as long
 */
public record QueueSettings(
        String exchange,
        String binding,
        String queue,
        int partitions,
        int prefetch,
        Duration inHand,
        List<Duration> delays,
        Duration confirmTimeout,
        Duration stopTimeout,
        Duration beat) {
    static QueueSettings read(SettingsReader reader, List<Duration> retryDelays) {
        Duration inHand = reader.duration("mail-worker.in-hand-wait", Duration.ofSeconds(5), Duration.ZERO);
        List<Duration> delays = retryDelays.stream()
                .filter(delay -> delay.compareTo(inHand) > 0)
                .sorted()
                .distinct()
                .toList();
        return new QueueSettings(
                reader.text("mail-worker.exchange", "outbox.events"),
                reader.text("mail-worker.binding", "Order.#"),
                reader.text("mail-worker.queue", "mail.orders"),
                reader.number("mail-worker.partitions", 8, 1, 256),
                reader.number("mail-worker.prefetch", 10, 1, 1000),
                inHand,
                delays.isEmpty() ? List.of(Duration.ofSeconds(10)) : delays,
                reader.duration("mail-worker.confirm-timeout", Duration.ofSeconds(10), Duration.ofSeconds(1)),
                reader.duration("mail-worker.stop-timeout", Duration.ofSeconds(25), Duration.ofSeconds(1)),
                reader.duration("mail-worker.beat", Duration.ofSeconds(2), Duration.ofMillis(100)));
    }

    public String partition(int number) {
        return queue + "." + number;
    }

    public String parked() {
        return queue + ".parked";
    }

    public String delayed(Duration delay) {
        return queue + ".retry." + Durations.text(delay);
    }

    /** The shortest delayed queue that waits at least this long, or the longest there is. */
    public String delayedAtLeast(Duration wait) {
        return delayed(delays.stream()
                .filter(delay -> delay.compareTo(wait) >= 0)
                .findFirst()
                .orElse(delays.get(delays.size() - 1)));
    }
}
