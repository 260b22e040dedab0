package dev.outboxrelay.mail.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import dev.outboxrelay.mail.rabbit.Run.Cause;
import dev.outboxrelay.mail.rabbit.Run.Ending;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps runs going until stopped: pauses while there is an obstacle, and backs off after failures. */
public final class RabbitConsumer {
    private static final Logger log = LoggerFactory.getLogger(RabbitConsumer.class);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private final Worksite site;
    private final QueueSettings queues;
    private final Supplier<Optional<String>> obstacle;
    private final Clock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::supervise, "consumer-supervisor");
    private final AtomicInteger runs = new AtomicInteger();
    private volatile Status status;
    private volatile @Nullable Run run;

    /**
     * Does nothing before {@link #start()}.
     *
     * @param obstacle tries out what every mail needs, and says what is in the way
     */
    public RabbitConsumer(Worksite site, Supplier<Optional<String>> obstacle) {
        this.site = site;
        this.queues = site.queues();
        this.clock = site.clock();
        this.obstacle = obstacle;
        this.status = new Status(ConsumerState.STARTING, "not started", clock.instant());
    }

    /** What it is doing, why, and since when. */
    public record Status(ConsumerState state, String reason, Instant since) {}

    public Status status() {
        return status;
    }

    /** On how many partitions this worker is the active one. */
    public int activePartitions() {
        Run current = run;
        return current == null ? 0 : current.activePartitions();
    }

    /** How often consuming has begun. */
    public int runs() {
        return runs.get();
    }

    public void start() {
        thread.start();
    }

    /** Takes nothing more, lets what is in hand end within the stop timeout, and returns when that is done. */
    public void stop() throws InterruptedException {
        stopping.countDown();
        Run current = run;
        if (current != null) {
            current.stop();
        }
        thread.join(queues.stopTimeout().plus(LONG_ENOUGH).toMillis());
    }

    private void supervise() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        try {
            do {
                Optional<String> inTheWay = obstacle.get();
                if (inTheWay.isPresent()) {
                    enter(ConsumerState.PAUSED, inTheWay.get());
                } else if (consume()) {
                    backoff.reset();
                }
            } while (!stopping.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            log.warn("Interrupted; the consumer stops");
        }
        enter(ConsumerState.STOPPED, "stopped");
    }

    /** One run; whether it went well for a while. */
    private boolean consume() {
        long began = System.nanoTime();
        try {
            Run opened = Run.open(site);
            run = opened;
            runs.incrementAndGet();
            if (stopping.getCount() == 0) {
                opened.stop();
            }
            enter(ConsumerState.CONSUMING, "consuming " + queues.queue());
            end(opened, opened.awaitEnd());
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            enter(ConsumerState.RECONNECTING, "RabbitMQ cannot be used: " + Connections.reason(e));
        } finally {
            run = null;
        }
        return System.nanoTime() - began > LONG_ENOUGH.toNanos();
    }

    /** What has begun is waited for where its acknowledgement can still arrive. */
    private void end(Run ended, Ending ending) {
        ConsumerState next =
                switch (ending.cause()) {
                    case FAILED -> ConsumerState.RECONNECTING;
                    case PAUSED -> ConsumerState.PAUSED;
                    case STOPPED -> ConsumerState.STOPPING;
                };
        enter(next, ending.reason());
        ended.close(ending.cause() == Cause.FAILED ? Duration.ZERO : queues.stopTimeout());
    }

    private void enter(ConsumerState state, String reason) {
        Status before = status;
        if (before.state() == state && before.reason().equals(reason)) {
            return;
        }
        status = new Status(state, reason, clock.instant());
        if (state == ConsumerState.PAUSED || state == ConsumerState.RECONNECTING) {
            log.warn("{} -> {}: {}; messages stay with the broker", before.state(), state, reason);
        } else {
            log.info("{} -> {}: {}", before.state(), state, reason);
        }
    }
}
