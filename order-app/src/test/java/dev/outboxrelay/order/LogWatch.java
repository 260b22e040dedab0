package dev.outboxrelay.order;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the app in this JVM logs until this is closed. */
final class LogWatch implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();

    LogWatch() {
        seen.start();
        root.addAppender(seen);
    }

    List<String> lines() {
        return List.copyOf(seen.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The lines behind which a stack trace stands. */
    List<String> linesWithATrace() {
        return List.copyOf(seen.list).stream()
                .filter(line -> line.getThrowableProxy() != null)
                .map(line -> line.getLoggerName() + ": " + line.getFormattedMessage())
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(seen);
    }
}
