package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.Lease;
import dev.outboxrelay.relay.offsets.LeaseStore;
import dev.outboxrelay.relay.offsets.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps one relay going: waits for the lease, makes run after run, pauses between them. What may heal is tried for ever, with
 * growing pauses; the state says what is being waited for.
 */
public final class Supervisor {

    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

    /**
     * @param why in words, with what to do where somebody has to
     * @param since when this state was entered
     * @param epoch of the lease held, or held last; 0 before the first
     */
    public record Status(RelayState state, String why, Instant since, long epoch) {}

    /** Streaming for so long, a failure counts as a new one, with the shortest pause. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    private final Relay relay;
    private final LeaseStore leases;
    private final Pause pause;
    private final StateTeller teller;
    private final Thread thread = new Thread(this::keepGoing, "relay");
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private volatile Status status = new Status(RelayState.STARTING, "not started yet", Instant.now(), 0);
    private volatile @Nullable Run run;
    private volatile @Nullable String heldBack;

    Supervisor(Relay relay, LeaseStore leases, StateStore states) {
        this.relay = relay;
        this.leases = leases;
        teller = new StateTeller(states, leases.owner(), this::status);
        pause = new Pause(relay.config().backoff());
    }

    /** Starts; returns at once. */
    public void start() {
        relay.monitor().start();
        teller.start();
        thread.start();
    }

    /** Ends the run in good order and waits for that, within the configured stop timeout and a little. Only the first call does. */
    public void stop() throws InterruptedException {
        if (isStopping()) {
            return;
        }
        stopRequested.countDown();
        relay.monitor().stop();
        Run running = run;
        if (running != null) {
            running.stop();
        }
        thread.join(relay.config().stopTimeout().plusSeconds(10).toMillis());
        if (thread.isAlive()) {
            log.warn("The relay did not end in time; what it had in flight will be published again");
        }
        teller.stop();
    }

    /** What the relay is doing. */
    public Status status() {
        return status;
    }

    /** How far the relay is behind the server, as last seen; null while that is not known. */
    @Nullable Distance distance() {
        return relay.monitor().latest();
    }

    private void keepGoing() {
        try {
            while (!isStopping()) {
                Lease lease = awaitLease();
                if (lease != null) {
                    runOnce(new LeaseKeeper(leases, lease));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        enter(RelayState.STOPPED, "stopped");
    }

    private @Nullable Lease awaitLease() throws InterruptedException {
        Duration retry = relay.config().lease().ttl().dividedBy(10);
        while (!isStopping()) {
            try {
                Optional<Lease> lease = leases.acquire();
                if (lease.isPresent()) {
                    return lease.get();
                }
                enter(
                        RelayState.STANDBY,
                        "the lease is held by " + leases.holder().orElse("another relay"));
                sleep(retry);
            } catch (DataAccessException e) {
                backOff("MySQL can't be asked for the lease", e);
            }
        }
        return null;
    }

    private void runOnce(LeaseKeeper lease) throws InterruptedException {
        RunEnd reason;
        try {
            Run next = new Run(relay, lease, (state, why) -> progress(state, why, lease.epoch()));
            run = next;
            if (isStopping()) {
                next.stop();
            }
            reason = next.toEnd();
        } catch (DataAccessException e) {
            reason = new RunEnd.Failed("MySQL does not answer", e);
        } catch (RuntimeException e) {
            // Nobody thought of this one. A supervisor that died of it would be worse than another try.
            log.error("A run ended in a way that it should not", e);
            reason = new RunEnd.Failed("Unexpected " + e, e);
        } finally {
            run = null;
            lease.release();
        }
        after(reason);
    }

    private void after(RunEnd reason) throws InterruptedException {
        if (reason instanceof RunEnd.Failed failed) {
            backOff(failed.what(), failed.cause());
        } else if (reason instanceof RunEnd.Refused refused) {
            heldBack = "%s: %s. Nothing behind it is published until that has changed"
                    .formatted(refused.message(), refused.why());
            enter(RelayState.BLOCKED, heldBack);
            sleep(pause.next());
        } else if (reason instanceof RunEnd.LeaseLost lost) {
            log.warn("{}: standing by", lost.why());
            enter(RelayState.STANDBY, lost.why());
            sleep(Duration.ofMillis(ThreadLocalRandom.current().nextInt(50, 250)));
        } else if (reason instanceof RunEnd.Unpublishable poison) {
            relay.quarantine().remember(poison);
        } else if (reason instanceof RunEnd.Held held) {
            enter(RelayState.BLOCKED, held.why());
            sleep(pause.next());
        }
    }

    private void progress(RelayState state, String why, long epoch) {
        Run running = run;
        boolean moving = running != null && running.hasConfirmed();
        if (moving) {
            heldBack = null;
            pause.reset();
        }
        if (heldBack == null) {
            if (state == RelayState.STREAMING
                    && status.state() == state
                    && Duration.between(status.since(), Instant.now()).compareTo(STEADY) > 0) {
                pause.reset();
            }
            enter(state, why, epoch);
        }
    }

    private void backOff(String what, Throwable cause) throws InterruptedException {
        Duration length = pause.next();
        String root = RootCause.of(cause);
        String why = what.contains(root) ? what : what + ": " + root;
        log.debug("Failure", cause);
        enter(RelayState.BACKOFF, "%s. Trying again in %d ms".formatted(why, length.toMillis()));
        sleep(length);
    }

    private void enter(RelayState state, String why) {
        enter(state, why, status.epoch());
    }

    private void enter(RelayState state, String why, long epoch) {
        Status before = status;
        boolean changed = before.state() != state;
        if (changed || !before.why().equals(why) || before.epoch() != epoch) {
            status = new Status(state, why, changed ? Instant.now() : before.since(), epoch);
            teller.tell();
        }
        if (changed) {
            boolean bad = state == RelayState.BACKOFF || state == RelayState.BLOCKED;
            log.atLevel(bad ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                    .log("{} → {}: {}", before.state(), state, why);
        }
    }

    private boolean isStopping() {
        return stopRequested.getCount() == 0;
    }

    private void sleep(Duration length) throws InterruptedException {
        stopRequested.await(length.toMillis(), TimeUnit.MILLISECONDS);
    }
}
