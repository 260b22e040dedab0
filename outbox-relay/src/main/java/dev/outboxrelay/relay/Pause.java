package dev.outboxrelay.relay;

import java.time.Duration;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/** Growing, varied pauses between tries. */
final class Pause {

    private final ExponentialBackOff backOff;
    private BackOffExecution execution;

    Pause(RelayConfig.Backoff config) {
        backOff = new ExponentialBackOff(config.initial().toMillis(), 1.5);
        backOff.setMaxInterval(config.max().toMillis());
        backOff.setJitter(config.initial().toMillis() / 5);
        execution = backOff.start();
    }

    Duration next() {
        return Duration.ofMillis(execution.nextBackOff());
    }

    /** The next pause is the shortest again. */
    void reset() {
        execution = backOff.start();
    }
}
