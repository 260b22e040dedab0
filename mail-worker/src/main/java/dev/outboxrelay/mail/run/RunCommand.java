package dev.outboxrelay.mail.run;

import dev.outboxrelay.mail.settings.WorkerSettings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** Runs the worker until it is told to end. */
public final class RunCommand {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    private RunCommand() {}

    /**
     * Returns when the worker has been told to end and has ended.
     *
     * @param settings come before files and environment
     */
    public static void run(Map<String, String> settings) throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            log.error("{} died; the worker ends, what is in hand will be redelivered", thread.getName(), error);
            new Thread(() -> System.exit(1), "exit").start();
        });
        CountDownLatch closed = new CountDownLatch(1);
        ConfigurableApplicationContext context = start(settings);
        context.addApplicationListener((ApplicationListener<ContextClosedEvent>) event -> closed.countDown());
        closed.await();
    }

    /** Starts the worker in this process; closing the context ends it. */
    static ConfigurableApplicationContext start(Map<String, String> settings) {
        SpringApplication application = new SpringApplication(WorkerApplication.class);
        application.addInitializers(context -> context.getBeanFactory()
                .registerSingleton("workerSettings", WorkerSettings.read(context.getEnvironment())));
        return application.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
    }
}
