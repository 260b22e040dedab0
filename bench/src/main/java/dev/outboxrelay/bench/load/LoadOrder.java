package dev.outboxrelay.bench.load;

import java.time.Duration;

/** What a process of load is told to do, as one line. */
record LoadOrder(int workers, Duration warmUp, Duration measured) {

    String line() {
        return "%d %d %d".formatted(workers, warmUp.toMillis(), measured.toMillis());
    }

    static LoadOrder parse(String line) {
        String[] words = line.split(" ", -1);
        return new LoadOrder(
                Integer.parseInt(words[0]),
                Duration.ofMillis(Long.parseLong(words[1])),
                Duration.ofMillis(Long.parseLong(words[2])));
    }
}
