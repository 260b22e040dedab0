package dev.outboxrelay.relay;

import java.time.Duration;
import org.awaitility.Awaitility;

/** Events that a relay which has just died had published and that are not behind the stored offset: its successor repeats them. */
final class Unstored {

    private Unstored() {}

    static long count(Stage stage) {
        long stored = stage.sql("SELECT events FROM `%s`.relay_offset".formatted(stage.names.relay()))
                .query(Long.class)
                .single();
        return settledCount(stage) - stored;
    }

    /** Messages in the queue once what the dead relay had sent has arrived. */
    private static long settledCount(Stage stage) {
        long[] count = {-1};
        Awaitility.await("a queue that does not grow any more")
                .atMost(Stage.PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    long before = count[0];
                    count[0] = stage.channel.messageCount(Stage.QUEUE);
                    return count[0] == before;
                });
        return count[0];
    }
}
