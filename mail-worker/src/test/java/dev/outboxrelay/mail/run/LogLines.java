package dev.outboxrelay.mail.run;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What workers in this JVM log, from when this is made until it is closed. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.outboxrelay.mail");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();

    /** To be made after the worker, since its start sets logging up anew. */
    LogLines() {
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
        lines.add(line);
    }

    List<ILoggingEvent> lines() {
        return lines;
    }

    /** What was said of this event at WARN. */
    List<String> warningsOf(Event event) {
        return lines.stream()
                .filter(line -> line.getLevel().toString().equals("WARN"))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(event.id()))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
