package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.rabbit.RabbitConsumer;
import org.springframework.context.SmartLifecycle;

/** Consumes from when everything is ready until the application is asked to end, before anything else is closed. */
final class WorkerLifecycle implements SmartLifecycle {
    private final RabbitConsumer consumer;
    private volatile boolean running;

    WorkerLifecycle(RabbitConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public void start() {
        running = true;
        consumer.start();
    }

    @Override
    public void stop() {
        running = false;
        try {
            consumer.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
