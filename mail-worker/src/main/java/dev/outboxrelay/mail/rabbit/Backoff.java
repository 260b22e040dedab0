package dev.outboxrelay.mail.rabbit;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double up to a limit, each shortened by chance so that workers do not come back all at once. */
final class Backoff {
    private final Duration first;
    private final Duration limit;
    private Duration next;

    Backoff(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    Duration next() {
        Duration wait = next;
        next = wait.multipliedBy(2).compareTo(limit) < 0 ? wait.multipliedBy(2) : limit;
        return Duration.ofMillis(wait.toMillis() * ThreadLocalRandom.current().nextInt(50, 101) / 100);
    }

    void reset() {
        next = first;
    }
}
