package dev.outboxrelay.relay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Stops the relay, in good order, before anything that it uses and while its health can still be asked for. */
final class RelayLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RelayLifecycle.class);

    private final Supervisor supervisor;
    private volatile boolean running;

    RelayLifecycle(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            supervisor.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("The stop was interrupted; what was in flight will be published again");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
