package dev.outboxrelay.relay;

/** What a relay is doing; the same words in health, metrics, log and CLI. */
public enum RelayState {
    /** Another relay of this name holds the lease. Healthy: takes over within the lease's time. */
    STANDBY(true),
    /** Has the lease, is connecting. */
    STARTING(false),
    /** Publishes rows that stand in the table, before it goes on with the binlog. */
    SNAPSHOT(true),
    /** Publishes what is committed, as it is committed. */
    STREAMING(true),
    /** The broker does not take a message: an alarm, no binding, or a refusal. Goes on by itself once that has ended. */
    BLOCKED(false),
    /** Waiting before the next try after a failure. */
    BACKOFF(false),
    /** Ended, by request or by a configuration that can't work. */
    STOPPED(false);

    private final boolean ready;

    RelayState(boolean ready) {
        this.ready = ready;
    }

    /** Whether a relay that is in this state holds the lease; in others it may. */
    public boolean needsLease() {
        return this == STARTING || this == SNAPSHOT || this == STREAMING;
    }

    /** Whether the relay does what it should. */
    public boolean isReady() {
        return ready;
    }
}
