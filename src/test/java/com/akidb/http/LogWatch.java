package com.akidb.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Looks in the log for what strangers must not be able to cause: stack traces, and words of the HTTP server's own. */
public final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> found = new CopyOnWriteArrayList<>();

    public LogWatch() {
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        if (event.getLevel().isGreaterOrEqual(Level.WARN)
                && (thrown != null || event.getLoggerName().startsWith("reactor"))) {
            found.add(event.getLoggerName() + ": " + event.getFormattedMessage()
                    + (thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage()));
        }
    }

    /** What was logged so far. */
    public List<String> found() {
        return List.copyOf(found);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
