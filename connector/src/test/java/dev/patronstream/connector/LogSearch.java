package dev.patronstream.connector;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Looks for a text in everything that is logged at any level, but for the loggers that are kept from printing rows. */
final class LogSearch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    /** At {@code TRACE} Debezium stops to redact rows, here and in every other of its loggers. */
    private static final String DEBEZIUM_ROWS = "io.debezium.util.Loggings";

    private final String marker;
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final List<Logger> verbose =
            List.of((Logger) LoggerFactory.getLogger("dev.patronstream.connector"), (Logger)
                    LoggerFactory.getLogger("io.debezium"));

    LogSearch(String marker) {
        this.marker = marker;
        ((Logger) LoggerFactory.getLogger(DEBEZIUM_ROWS)).setLevel(Level.INFO);
        start();
        for (Logger logger : verbose) {
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
            logger.addAppender(this);
        }
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        boolean leaks = event.getFormattedMessage().contains(marker)
                || String.valueOf(event.getKeyValuePairs()).contains(marker);
        for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
            leaks |= String.valueOf(thrown.getMessage()).contains(marker);
        }
        if (leaks) {
            found.add(event.getLoggerName() + " " + event.getLevel());
        }
    }

    List<String> found() {
        return List.copyOf(found);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        for (Logger logger : verbose) {
            logger.detachAppender(this);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }
}
