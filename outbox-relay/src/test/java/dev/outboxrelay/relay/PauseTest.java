package dev.outboxrelay.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PauseTest {

    private final Pause pause = new Pause(new RelayConfig.Backoff(Duration.ofMillis(500), Duration.ofSeconds(30)));

    @Test
    void pauses_grow_by_half_up_to_the_longest_and_never_become_a_spin() {
        for (int failure = 0; failure < 100; failure++) {
            Duration unvaried = Duration.ofMillis((long) Math.min(500 * Math.pow(1.5, failure), 30_000));

            Duration next = pause.next();

            assertThat(next).isBetween(unvaried.multipliedBy(7).dividedBy(10), Duration.ofSeconds(30));
        }
    }

    @Test
    void two_relays_that_failed_together_do_not_try_again_together() {
        Set<Duration> first = new HashSet<>();
        for (int relay = 0; relay < 20; relay++) {
            pause.reset();
            first.add(pause.next());
        }

        assertThat(first).hasSizeGreaterThan(5);
    }
}
