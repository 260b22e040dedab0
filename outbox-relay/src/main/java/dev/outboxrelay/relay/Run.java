package dev.outboxrelay.relay;

import dev.outboxrelay.relay.offsets.Cause;
import dev.outboxrelay.relay.offsets.FencedException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * One run, from the stored offset until something ends it: read, publish, settle the confirmed prefix, store its offset. It is
 * never repaired; a new run starts again where this one's confirmed prefix ended.
 *
 * <p>Three threads: the source's reads and publishes, the connection's settles, the caller's tends the offset and the lease.
 */
final class Run {

    private static final Logger log = LoggerFactory.getLogger(Run.class);

    /** How often the lease, the offset and the time limits are looked after. */
    private static final Duration TEND_INTERVAL = Duration.ofMillis(50);
    /** The server sends heartbeats far more often; where none comes, the connection is dead and nobody has said so. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

    private final Relay relay;
    private final RelayConfig config;
    private final LeaseKeeper lease;
    private final StateListener state;
    private final ConfirmedPrefix prefix;
    private final OffsetKeeper offsets;
    private final Answers answers;
    private final CompletableFuture<RunEnd> end = new CompletableFuture<>();

    /** Told of each change of state within a run. */
    @FunctionalInterface
    interface StateListener {
        void changed(RelayState state, String why);
    }

    /** @throws DataAccessException when the database can't be reached */
    Run(Relay relay, LeaseKeeper lease, StateListener state) {
        this.relay = relay;
        this.lease = lease;
        this.state = state;
        config = relay.config();
        prefix = new ConfirmedPrefix(
                config.window().messages(), config.window().bytes().toBytes(), relay.metrics()::confirmed);
        String serverUuid = relay.outbox().serverUuid();
        offsets = new OffsetKeeper(relay.offsets(), prefix, config.offset(), lease.epoch(), serverUuid);
        answers = new Answers(relay, prefix, this::endWith);
    }

    /** Whether the broker has confirmed anything in this run. */
    boolean hasConfirmed() {
        return prefix.confirmed().events() > 0;
    }

    /** Asks the run to end; does not wait for it. */
    void stop() {
        end.complete(new RunEnd.Stopped());
    }

    /**
     * Runs until something ends it. When this returns, nothing more is published, and what was confirmed is stored, unless the
     * database is away or a newer relay has taken over.
     */
    RunEnd toEnd() {
        state.changed(RelayState.STARTING, "epoch " + lease.epoch());
        try (Publisher publisher = relay.broker().open(answers)) {
            relay.metrics().watch(prefix, offsets);
            relay.quarantine().open();
            relay.monitor().follow(new BinlogMonitor.Stream(offsets::reached, this::fail));
            stream(publisher, new Delivery(relay, lease, prefix, publisher, this::endWith));
            RunEnd reason = end.join();
            if (publisher.isOpen()) {
                prefix.awaitSettled(config.stopTimeout());
            }
            offsets.storeLast(Cause.STOP);
            return reason;
        } catch (FencedException e) {
            return new RunEnd.LeaseLost(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new RunEnd.Stopped();
        } catch (Quarantine.FullException e) {
            return new RunEnd.Held(String.valueOf(e.getMessage()));
        } catch (BadSqlGrammarException e) {
            return new RunEnd.Failed("MySQL refused: run flyway if the relay's tables or grants are older than it", e);
        } catch (NestedRuntimeException e) {
            return new RunEnd.Failed("MySQL refused or did not answer", e);
        } catch (IOException | Source.SourceException | OutboxTable.UnfitException e) {
            return new RunEnd.Failed(String.valueOf(e.getMessage()), e);
        } finally {
            prefix.end();
            relay.monitor().follow(BinlogMonitor.Stream.NONE);
        }
    }

    private void stream(Publisher publisher, EventSink sink) throws FencedException, InterruptedException {
        StartDecision start = StartDecision.make(relay, offsets);
        if (start instanceof StartDecision.Lost lost) {
            end.complete(new RunEnd.Held(lost.why()));
        } else if (start instanceof StartDecision.SnapshotThenStream snapshot) {
            prefix.beginAt(snapshot.position());
            publishTable(snapshot.position(), publisher, sink);
            publishBinlog(snapshot.position().withSnapshotDone(), publisher, sink);
        } else if (start instanceof StartDecision.Resume resume) {
            prefix.beginAt(resume.position());
            publishBinlog(resume.position(), publisher, sink);
        }
    }

    private void publishBinlog(Position from, Publisher publisher, EventSink sink)
            throws FencedException, InterruptedException {
        if (end.isDone()) {
            return;
        }
        Source source = relay.source().open(from, sink, cause -> fail("The binlog connection has ended", cause));
        Besides besides = Besides.start(relay, () -> prefix.confirmed().position());
        try {
            tend(publisher, () -> {
                watch(source, publisher);
                return false;
            });
        } finally {
            besides.interrupt();
            prefix.end(); // first: the source can't be closed while it waits for room
            Thread closing = new Thread(source::close, "binlog-close");
            closing.start();
            await(closing, publisher);
            besides.await();
        }
    }

    /** Waits for a thread that may hang in a write to the broker; when that takes too long, the connection is closed under it. */
    private void await(Thread thread, Publisher publisher) throws InterruptedException {
        thread.join(config.stopTimeout().toMillis());
        if (thread.isAlive()) {
            publisher.close();
            thread.join();
        }
    }

    private void watch(Source source, Publisher publisher) {
        if (publisher.isBlocked()) {
            state.changed(RelayState.BLOCKED, "the broker has raised an alarm");
        } else if (source.isConnected()) {
            state.changed(RelayState.STREAMING, "publishing what is committed");
        }
        if (source.silence().compareTo(LONGEST_SILENCE) > 0) {
            fail("The binlog connection has been silent for " + source.silence().toSeconds() + " s");
        }
    }

    private void publishTable(Position position, Publisher publisher, EventSink sink)
            throws FencedException, InterruptedException {
        state.changed(RelayState.SNAPSHOT, "publishing the rows that stand in " + config.tables());
        CompletableFuture<Long> rows = new CompletableFuture<>();
        Thread reader = new Thread(() -> readTable(position, sink, rows), "outbox-snapshot");
        reader.start();
        try {
            tend(publisher, () -> rows.isDone() && prefix.messagesInFlight() == 0);
        } finally {
            if (!rows.isDone()) {
                prefix.end();
                relay.outbox().stopReading();
            }
            await(reader, publisher);
        }
        if (!end.isDone()) {
            log.info("Published the {} rows that stood in {}", rows.join(), config.tables());
            relay.metrics().republished(rows.join());
            prefix.mark(position.withSnapshotDone());
            offsets.storeLast(Cause.PROGRESS);
        }
    }

    private void readTable(Position position, EventSink sink, CompletableFuture<Long> rows) {
        try {
            rows.complete(relay.outbox().readAll(position, sink));
        } catch (InterruptedException e) {
            rows.complete(0L); // the run has ended, and says why itself
        } catch (SQLException | RuntimeException e) {
            fail("The outbox table could not be read: " + e.getMessage(), e);
            rows.complete(0L);
        }
    }

    /** Looks after the lease, the offset and the time limits until the run has ended or {@code done} says so. */
    private void tend(Publisher publisher, BooleanSupplier done) throws FencedException, InterruptedException {
        long takesSince = System.nanoTime();
        while (!hasEnded() && !done.getAsBoolean()) {
            if (!lease.renewIfDue()) {
                endWith(new RunEnd.LeaseLost("Another relay has taken over the lease"));
            }
            answers.park();
            offsets.storeIfDue();
            if (publisher.isBlocked()) {
                takesSince = System.nanoTime(); // what it took in before an alarm, it could not answer during it
            }
            Duration waiting = Duration.ofNanos(System.nanoTime() - takesSince);
            if (waiting.compareTo(config.confirmTimeout()) > 0
                    && prefix.oldestAge().compareTo(config.confirmTimeout()) > 0) {
                fail("The broker has not confirmed a message within "
                        + config.confirmTimeout().toSeconds() + " s");
                publisher.close();
            }
        }
    }

    private boolean hasEnded() throws InterruptedException {
        try {
            end.get(TEND_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("A run ends with a reason, never with an exception", e);
        }
    }

    private void fail(String what) {
        fail(what, new IllegalStateException(what));
    }

    private void fail(String what, Throwable cause) {
        endWith(new RunEnd.Failed(what, cause));
    }

    private void endWith(RunEnd reason) {
        end.complete(reason);
        prefix.end();
    }
}
