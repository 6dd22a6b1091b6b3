package dev.patronstream.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;

/**
 * Hears of deaths that libraries keep to themselves. Kafka gives its threads a handler that only writes to the log, and
 * others catch an error of the Java process, write it down and go on without what it took away.
 */
final class LibraryErrors extends AppenderBase<ILoggingEvent> {

    private static final String OURS = "dev.patronstream.";
    /** What Kafka's handler writes, by a logger of the thread's own class. */
    private static final String KAFKA_THREAD = "Uncaught exception in thread";

    private final Thread.UncaughtExceptionHandler handler;

    LibraryErrors(Thread.UncaughtExceptionHandler handler) {
        this.handler = handler;
        // Prepared now: when memory runs out there may be none for it, and a death that cannot be written is not heard
        // of.
        var unused = new ThrowableProxy(new Throwable());
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                && !event.getLoggerName().startsWith(OURS)
                && event.getThrowableProxy() instanceof ThrowableProxy proxy
                && (String.valueOf(event.getMessage()).startsWith(KAFKA_THREAD)
                        || isOfTheProcess(proxy.getThrowable()))) {
            handler.uncaughtException(Thread.currentThread(), proxy.getThrowable());
        }
    }

    private static boolean isOfTheProcess(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof VirtualMachineError || cause instanceof LinkageError) {
                return true;
            }
        }
        return false;
    }
}
