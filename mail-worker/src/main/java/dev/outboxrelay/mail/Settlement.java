package dev.outboxrelay.mail;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is to become of a delivery. The handler says it, the RabbitMQ adapter does it. */
public sealed interface Settlement {
    <R> R on(Cases<R> cases);

    /** One method per case, so that a new case does not compile until everybody has thought of it. */
    interface Cases<R> {
        R ack(Ack ack);

        R retry(Retry retry);

        R park(Park park);

        R giveBack(GiveBack giveBack);
    }

    /**
     * The message is done with: acknowledge it once the record of that is durable. Where it cannot be recorded the message
     * is to be given back, as with {@link GiveBack}.
     */
    record Ack(CompletionStage<@Nullable Void> recorded) implements Settlement {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.ack(this);
        }
    }

    /**
     * Bring it again after this time: a short wait is passed in hand, a longer one in a delayed queue.
     *
     * @param attempts how often sending has been tried so far, for the header
     * @param keepsPlace whether later messages of its order wait with it; one that waits for an earlier message of its
     *     order must let that one through, and goes to a delayed queue in any case
     */
    record Retry(Duration after, int attempts, boolean keepsPlace) implements Settlement {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.retry(this);
        }
    }

    /** Set it aside where a person will find it. */
    record Park(Parking parking) implements Settlement {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.park(this);
        }
    }

    /**
     * Nothing can be done with any message now: leave it with the broker, stop consuming, and go on once the obstacle is
     * gone. No attempt is used up.
     *
     * @param obstacle one sentence, shown by the health endpoint
     */
    record GiveBack(String obstacle) implements Settlement {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.giveBack(this);
        }
    }
}
