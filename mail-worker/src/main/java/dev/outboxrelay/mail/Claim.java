package dev.outboxrelay.mail;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The answer to "may I send the mail of this message?" Exactly one worker at a time is told yes. */
public sealed interface Claim {
    <R> R on(Cases<R> cases) throws InterruptedException;

    /** One method per case. */
    interface Cases<R> {
        R granted(Granted granted) throws InterruptedException;

        R settled(Settled settled);

        R notYet(NotYet notYet);

        R behind(Behind behind);

        R givenUp(GivenUp givenUp);
    }

    /**
     * Yes: the row says SENDING and belongs to this token until the lease ends.
     *
     * @param attempt the number of this attempt, from 1
     * @param age how long ago the message was first seen
     * @param afterUnknown whether the attempt before this one may have sent this mail; it is recorded in the row
     * @param unknowns how many earlier attempts may have sent this mail
     * @param leaseEndNanos {@link System#nanoTime()} after which nothing may be sent under this claim
     */
    record Granted(
            String messageId,
            String token,
            int attempt,
            Duration age,
            boolean afterUnknown,
            int unknowns,
            long leaseEndNanos)
            implements Claim {
        @Override
        public <R> R on(Cases<R> cases) throws InterruptedException {
            return cases.granted(this);
        }
    }

    /**
     * No: the mail was sent, or somebody decided that it never will be.
     *
     * @param recorded completes once that is durable, or as {@link Claims#sent} does where this worker has just sent the mail
     */
    record Settled(CompletionStage<@Nullable Void> recorded) implements Claim {
        /** That is durable already. */
        public static Settled before() {
            return new Settled(CompletableFuture.completedStage(null));
        }

        @Override
        public <R> R on(Cases<R> cases) {
            return cases.settled(this);
        }
    }

    /** Not now: another delivery of this message is being sent, or its next attempt is not due yet. */
    record NotYet(Duration remaining, int attempts) implements Claim {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.notYet(this);
        }
    }

    /**
     * Not now: an earlier mail of the same order is not settled.
     *
     * @param other the message id of the earlier one
     * @param waited how long this one has been held back
     * @param remaining until it is worth asking again
     */
    record Behind(String other, Duration waited, Duration remaining) implements Claim {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.behind(this);
        }
    }

    /**
     * No: it was given up, and is parked or about to be.
     *
     * @param now whether that was decided just now, and not before
     */
    record GivenUp(Parking parking, boolean now) implements Claim {
        @Override
        public <R> R on(Cases<R> cases) {
            return cases.givenUp(this);
        }
    }
}
