package dev.outboxrelay.relay.offsets;

/**
 * The right to publish.
 *
 * @param epoch grows with each change of owner
 * @param validUntilNanos by {@link System#nanoTime}, on the safe side
 */
public record Lease(long epoch, long validUntilNanos) {

    /** Whether nobody else can have taken it over yet. */
    public boolean isValid() {
        return System.nanoTime() - validUntilNanos < 0;
    }
}
